import { type Column, Unavailable } from '../../ports.ts'
import type { FedTensor, TensorInfo } from './model-messages.ts'
import { quoted, shapeText } from './problem.ts'

/** One input and the columns that fill it, in order. */
export interface Feed {
  readonly input: TensorInfo
  readonly columns: readonly { readonly name: string; readonly column: Column }[]
  /** Shape of one row's part: [] for an input of shape [N], else [width]. */
  readonly row: readonly number[]
}

const FED_TYPES = ['float32', 'float64', 'int64', 'int32', 'bool', 'string']

/**
 * Finds the columns for every input of a model.
 *
 * Inputs are matched to columns by name; a model with one two-dimensional input takes `order`.
 *
 * @throws {Unavailable} naming the input, the columns that it lacks and those that are there
 */
export function planFeeds(
  inputs: readonly TensorInfo[],
  columns: ReadonlyMap<string, Column>,
  order: readonly string[],
): readonly Feed[] {
  for (const input of inputs) refuseUnfeedable(input)
  const [single] = inputs
  const takesOrder = inputs.length === 1 && single!.shape.length === 2 && !isOwnColumn(single!, columns)
  const feeds = takesOrder ? [orderedFeed(single!, order)] : inputs.map(namedFeed)
  const missing = feeds.flatMap((feed) => feed.names).filter((name) => !columns.has(name))
  if (missing.length > 0) throw missingColumns(missing, [...columns.keys()])
  return feeds.map(({ input, names, row }) => ({
    input,
    row,
    columns: names.map((name) => ({ name, column: columns.get(name)! })),
  }))
}

/** Rows `from` to `to` of one input. */
export function fedTensor(feed: Feed, from: number, to: number): FedTensor {
  const { name, type } = feed.input
  const width = feed.columns.length
  const data = emptyData(type, (to - from) * width)
  feed.columns.forEach(({ name: called, column }, place) => {
    fillColumn(data, { called, column, type, place, width, from, to })
  })
  const texts = type === 'string' ? { texts: feed.columns.map(({ column }) => column.values as readonly string[]) } : {}
  return { name, type, row: feed.row, data, ...texts }
}

interface Filling {
  readonly called: string
  readonly column: Column
  readonly type: string
  readonly place: number
  readonly width: number
  readonly from: number
  readonly to: number
}

/** One column into its place of every row; what is asked of a whole column is asked before the rows. */
function fillColumn(data: FedTensor['data'], filling: Filling): void {
  const { called, column, type, place, width, from, to } = filling
  const numbers = data as Float64Array
  if (type === 'string') {
    const codes = textCodes(called, column)
    for (let row = from, at = place; row < to; row++, at += width) numbers[at] = codes[row]!
  } else if (column.type === 'number' && type.startsWith('float')) {
    const { values } = column
    for (let row = from, at = place; row < to; row++, at += width) numbers[at] = values[row]!
    for (let row = from, at = place; row < to; row++, at += width) if (column.nulls[row] === 1) numbers[at] = Number.NaN
  } else {
    const read = reader(called, column, type) as (row: number) => number
    for (let row = from, at = place; row < to; row++, at += width) numbers[at] = read(row)
  }
}

interface NamedFeed {
  readonly input: TensorInfo
  readonly names: readonly string[]
  readonly row: readonly number[]
}

function isOwnColumn(input: TensorInfo, columns: ReadonlyMap<string, Column>): boolean {
  return columns.has(input.name) && (input.shape[1] === 1 || input.shape[1] === null)
}

function namedFeed(input: TensorInfo): NamedFeed {
  const isColumn = input.shape.length === 1 || (input.shape.length === 2 && (input.shape[1] ?? 1) === 1)
  if (!isColumn)
    throw refused(
      `input \`${quoted(input.name)}\` has shape ${shapeText(input.shape)}, and one column fills [?, 1] or [?] only`,
      'Export the model with one input per column, or with a single input for all of them.',
    )
  return { input, names: [input.name], row: input.shape.length === 1 ? [] : [1] }
}

function orderedFeed(input: TensorInfo, order: readonly string[]): NamedFeed {
  const width = input.shape[1] ?? order.length
  if (order.length === 0 || width !== order.length)
    throw refused(
      `input \`${quoted(input.name)}\` takes ${width} columns, and \`features\` names ${order.length}: ${listed(order)}`,
      'Record `features` with the columns in the order of training.',
    )
  return { input, names: order, row: [width] }
}

function refuseUnfeedable(input: TensorInfo): void {
  const name = quoted(input.name)
  if (!input.isTensor) throw refused(`input \`${name}\` is not a tensor`, 'Export the model with tensor inputs.')
  if (!FED_TYPES.includes(input.type))
    throw refused(`input \`${name}\` has type ${input.type}, and ${FED_TYPES.join(', ')} can be filled`, 'Add a cast.')
}

function missingColumns(missing: readonly string[], there: readonly string[]): Unavailable {
  return refused(
    `the model needs ${missing.length === 1 ? 'the column' : 'the columns'} ${listed(missing)}; columns here: ${listed(there)}`,
    'Name the inputs after columns of the evaluation table, or add the columns to it.',
  )
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  return `${names
    .slice(0, 30)
    .map((name) => quoted(name))
    .join(', ')}${names.length > 30 ? `, and ${names.length - 30} more` : ''}`
}

function refused(what: string, mend: string): Unavailable {
  return new Unavailable('missing', what, mend)
}

function emptyData(type: string, length: number): FedTensor['data'] {
  if (type === 'float32') return new Float32Array(length)
  if (type === 'float64') return new Float64Array(length)
  if (type === 'int64') return new BigInt64Array(length)
  if (type === 'int32') return new Int32Array(length)
  if (type === 'bool') return new Uint8Array(length)
  return new Int32Array(length)
}

/** How one column gives the values of one type of numbers; null is NaN. */
function reader(name: string, column: Column, type: string): (row: number) => number | bigint {
  const numberOf = numberReader(name, column, type)
  if (type === 'float32' || type === 'float64') return numberOf
  return (row) => {
    const value = wholeNumber(name, numberOf(row), type)
    return type === 'int64' ? BigInt(value) : type === 'bool' ? Number(value !== 0) : value
  }
}

function textCodes(name: string, column: Column): Int32Array {
  if (column.type === 'category' || column.type === 'boolean') return column.codes
  throw refused(
    `column ${quoted(name)} holds ${column.type}s where the model takes text`,
    'Declare the feature as `type: category` in model.yml.',
  )
}

function numberReader(name: string, column: Column, type: string): (row: number) => number {
  if (column.type === 'number') return (row) => (column.nulls[row] === 1 ? Number.NaN : column.values[row]!)
  if (column.type === 'boolean') {
    const numbers = column.values.map((text) => (/^(true|t|1)$/i.test(text) ? 1 : 0))
    return (row) => numbers[column.codes[row]!] ?? Number.NaN
  }
  throw refused(
    `column ${quoted(name)} is a ${column.type} where the model takes ${type}`,
    'Train on a number made from it, or export the encoder with the model.',
  )
}

function wholeNumber(name: string, value: number, type: string): number {
  const fits = type === 'int32' ? (value | 0) === value : Number.isSafeInteger(value)
  if (fits) return value
  throw refused(
    `column ${quoted(name)} holds ${Number.isNaN(value) ? 'missing values' : 'numbers that do not fit'}, and the model takes ${type}`,
    'Export the input as float32, or fill the column.',
  )
}
