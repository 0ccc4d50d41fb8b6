import { type DocumentPath, printDotted } from './dotted-path.ts'

export interface FieldDifference {
  readonly path: DocumentPath
  readonly field: string
  readonly from: string
  readonly to: string
}

const MOST = 100
const LONGEST = 120

/**
 * Which fields of two documents differ, as deep as they can be told apart.
 *
 * Keys may come in any order; a list of plain values is compared as a whole, other lists entry by entry.
 *
 * @param before, after  values as `readYaml` gives them; undefined where there is no document
 * @returns at most 100, in the order of `before` and then `after`; `absent` for what one side lacks
 */
export function fieldDifferences(before: unknown, after: unknown): readonly FieldDifference[] {
  const found: FieldDifference[] = []
  compare([], before, after, found)
  return found
}

function compare(path: DocumentPath, before: unknown, after: unknown, found: FieldDifference[]): void {
  if (found.length >= MOST || Object.is(before, after)) return
  const steps = stepsInto(before, after)
  if (steps === null) {
    if (shown(before) === shown(after)) return
    found.push({ path, field: printDotted(path), from: short(shown(before)), to: short(shown(after)) })
    return
  }
  for (const step of steps) compare([...path, step], at(before, step), at(after, step), found)
}

function stepsInto(before: unknown, after: unknown): readonly (string | number)[] | null {
  if (isMapping(before) && isMapping(after)) return [...new Set([...Object.keys(before), ...Object.keys(after)])]
  if (!Array.isArray(before) || !Array.isArray(after)) return null
  if (![...before, ...after].some((entry) => typeof entry === 'object' && entry !== null)) return null
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index)
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function at(holder: unknown, step: string | number): unknown {
  if (Array.isArray(holder)) return typeof step === 'number' ? holder[step] : undefined
  return isMapping(holder) && Object.hasOwn(holder, step) ? holder[step] : undefined
}

/** One text for equal values: keys sorted, so that their order does not count. */
function shown(value: unknown): string {
  if (value === undefined) return 'absent'
  return JSON.stringify(value, (_, inner) =>
    isMapping(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
  )
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}
