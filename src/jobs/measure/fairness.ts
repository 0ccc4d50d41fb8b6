import { rowsToDecide } from '../../gates/enough-rows.ts'
import type {
  AttributeFairness,
  DisparityFairness,
  FairnessDocument,
  FairnessWarning,
  LimitFairness,
} from '../../measuring/fairness-document.ts'
import { type Attribute, groupFairness } from '../../measuring/group-fairness.ts'
import { type Tables, Unavailable } from '../../ports.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import { isGroup, POOLED } from '../../statistics/counted-groups.ts'
import { DISPARITIES } from '../../statistics/disparities.ts'
import { sizeInterval } from '../../statistics/fold.ts'
import { type GroupKey, groupRows } from '../../statistics/group-rows.ts'
import { criticalZ } from '../../statistics/normal.ts'
import { mergedAttributes } from './fairness-public.ts'
import { type FairnessColumns, type FairnessTable, readFairnessTable } from './fairness-table.ts'

export interface FairnessAsk extends Omit<FairnessColumns, 'groups'> {
  /** Each a column, or the columns of a crossing. */
  readonly across: readonly (readonly string[])[]
  readonly minRows: number
  /** By column. */
  readonly privileged: ReadonlyMap<string, string>
  readonly confidence: number
  /** Merge cells under this many rows; null: show all. */
  readonly minCell: number | null
  /** Limits to hold a disparity against, by its name. */
  readonly limits: ReadonlyMap<string, number>
  readonly engine: string
}

/** A crossing of this many groups is one of identifiers, not of people's groups. */
const MOST_GROUPS = 2000

/** Groups and disparities of one table: read once, counted once for each attribute. */
export async function measureFairnessTable(
  ask: FairnessAsk,
  tables: Tables,
  progress: (text: string) => void = () => undefined,
): Promise<FairnessDocument> {
  progress('reading the table')
  const table = await readFairnessTable({ ...ask, groups: [...new Set(ask.across.flat())] }, tables)
  const found = ask.across.map((columns) => attributeOf(ask, columns, table))
  const { attributes, merged } =
    ask.minCell === null
      ? { attributes: found, merged: new Map<string, number>() }
      : mergedAttributes(found, table.rows, ask.minCell)
  const { confidence, minRows, minCell } = ask
  const measured = attributes.map((attribute) => {
    progress(`counting ${attribute.name}`)
    return { attribute, ...groupFairness(table.rows, attribute, { confidence, minRows, minCell }) }
  })
  return {
    ...headOf(ask, table),
    attributes: Object.fromEntries(
      measured.map(({ attribute, fairness }) => [attribute.name, withLimits(fairness, ask)]),
    ),
    warnings: [
      ...droppedWarnings(ask, table),
      ...[...merged].flatMap(([name, groups]) => mergedWarning(name, groups, ask.minCell)),
      ...incompletePrivileged(ask),
      ...measured.flatMap(({ warnings }) => warnings),
    ],
  }
}

function headOf(ask: FairnessAsk, table: FairnessTable): Omit<FairnessDocument, 'attributes' | 'warnings'> {
  const isOfClasses = ask.task !== 'regression'
  return {
    schema: 'weighbridge.fairness/v1',
    engine: ask.engine,
    task: ask.task,
    rows: table.rows.label.length,
    confidence: ask.confidence,
    min_rows: ask.minRows,
    threshold: isOfClasses && ask.prediction === null ? ask.threshold : null,
    positive: isOfClasses ? ask.positive : null,
    unit: ask.unit,
    weights: ask.weight,
    where: ask.where,
    dropped: table.dropped,
    min_cell: ask.minCell,
  }
}

function attributeOf(ask: FairnessAsk, columns: readonly string[], { groups }: FairnessTable): Attribute {
  const name = columns.join(',')
  const grouping = groupRows(columns.map((column) => ({ name: column, ...groups.get(column)! })))
  if (grouping.groups.length > MOST_GROUPS)
    throw new Unavailable(
      'missing',
      `${name} has ${grouping.groups.length} groups, more than ${MOST_GROUPS}`,
      'Compare groups of people, not identifiers or numbers: cut a number into ranges first.',
    )
  return { name, grouping, privileged: privilegedOf(ask, columns, grouping.groups) }
}

function privilegedOf(ask: FairnessAsk, columns: readonly string[], groups: readonly GroupKey[]): GroupKey | null {
  if (!columns.every((column) => ask.privileged.has(column))) return null
  const key = Object.fromEntries(columns.map((column) => [column, ask.privileged.get(column)!]))
  const found = groups.find((group) => isGroup(group, key))
  if (found !== undefined) return found
  const wanted = columns.map((column) => `${column}=${key[column]}`).join(',')
  const [column] = columns
  const values = [...new Set(groups.map((group) => String(group[column!])))]
  const mend = columns.length === 1 ? suggest(key[column!]!, values, 'Groups') : 'No row is in that crossing.'
  throw new Unavailable('missing', `--privileged ${wanted}: no row is in that group`, mend)
}

/** A crossing of which only some columns name a privileged value has no privileged group. */
function incompletePrivileged({ across, privileged }: FairnessAsk): readonly FairnessWarning[] {
  return across.flatMap((columns) => {
    const named = columns.filter((column) => privileged.has(column))
    if (named.length === 0 || named.length === columns.length) return []
    const left = columns.filter((column) => !privileged.has(column)).join(', ')
    const message = `no privileged group: --privileged says nothing of ${left}, so all groups are compared with each other`
    return [{ code: 'privileged_incomplete', column: columns.join(','), message }]
  })
}

function droppedWarnings(ask: FairnessAsk, { dropped }: FairnessTable): readonly FairnessWarning[] {
  const { label_null, answer_null } = dropped
  const answer = ask.prediction ?? ask.score ?? ''
  return [
    ...(label_null === 0
      ? []
      : [
          {
            code: 'label_null',
            column: ask.label,
            message: `${label_null} rows without a label${ask.task === 'regression' ? ', or with one that is not finite,' : ''} are left out`,
          },
        ]),
    ...(answer_null === 0
      ? []
      : [
          {
            code: 'answer_null',
            column: answer,
            message: `${answer_null} rows whose answer is missing or not finite are left out`,
          },
        ]),
  ]
}

function mergedWarning(name: string, groups: number, minCell: number | null): readonly FairnessWarning[] {
  if (groups === 0) return []
  const message = `${groups} groups are merged into "${POOLED}", so that no cell under ${minCell} rows can be told`
  return [{ code: 'merged', column: name, message }]
}

function withLimits(fairness: AttributeFairness, { limits, confidence }: FairnessAsk): AttributeFairness {
  if (limits.size === 0) return fairness
  const disparities = Object.entries(fairness.disparities).map(([name, disparity]) => {
    const limit = limits.get(name)
    return [name, limit === undefined ? disparity : { ...disparity, limit: heldAgainst(disparity, limit, confidence) }]
  })
  return { ...fairness, disparities: Object.fromEntries(disparities) }
}

/** Where a disparity lies beside a limit, and how many rows would tell: information, not a judgement. */
function heldAgainst(disparity: DisparityFairness, limit: number, confidence: number): LimitFairness {
  const { value, interval, better, binding } = disparity
  const side = better === 'one' ? 'min' : 'max'
  const asked = { limit: { [side]: limit } }
  if (value === null || interval === null) return { ...asked, interval_lies: null, decides: null }
  const ends = better === 'zero' ? sizeInterval(interval) : interval
  const isIn = side === 'min' ? ends[0] >= limit : ends[1] <= limit
  const isOut = side === 'min' ? ends[1] < limit : ends[0] > limit
  if (isIn || isOut) return { ...asked, interval_lies: isIn ? 'inside' : 'outside', decides: null }
  const size = better === 'zero' ? Math.abs(value) : value
  const se = Math.abs(side === 'min' ? size - ends[0] : ends[1] - size) / criticalZ(confidence)
  const of = binding === null ? 'rows' : `${binding.of.replaceAll('_', ' ')} of the smaller group`
  const decides = rowsToDecide({ value: size, confidence, limit, side, n: binding?.count ?? null, of, se })
  return { ...asked, interval_lies: 'across', decides }
}

/** Disparities of a task that a limit may be asked for; the signed mean is shown only. */
export function limitedDisparities(task: FairnessAsk['task']): readonly string[] {
  const own = task === 'regression' ? 'regression' : 'binary'
  return DISPARITIES.filter((one) => one.task === own && one.gateable).map(({ name }) => name)
}
