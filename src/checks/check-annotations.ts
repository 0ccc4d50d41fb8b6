import { type Finding, finding, isJudged } from '../gates/finding.ts'
import type { Annotation } from '../ports/check-run.ts'
import type { CheckDocument } from '../report/check-document.ts'
import type { GateOutline } from '../report/outline.ts'
import { plain } from '../report/plain-text.ts'
import { turnTexts } from '../report/words.ts'
import { MOST_ANNOTATIONS, titleText } from './desired-check.ts'

/** Lines of head that a diff shows, from 1; an empty list: which lines is not known. */
export interface LineRange {
  readonly start: number
  readonly end: number
}

/** Paths of head in the diff. */
export type HeadPaths = ReadonlyMap<string, readonly LineRange[]>

const LONGEST_MESSAGE = 2000
/** The repository's own, a model's, and the operator's, which stands in a repository of its own. */
const IN_POLICY = /^(policies\/|models\/[^/]+\/policy\.yml$|[\w.-]+\/[\w.-]+:policies\/)/

/** Rules are read from the governed branch: a line of theirs means nothing in the diff. Mistakes stand in head. */
export function isOnBase({ gate, place }: Finding): boolean {
  return place !== undefined && gate !== 'registry' && IN_POLICY.test(place.path)
}

function isInDiff(found: Finding, headPaths: HeadPaths): boolean {
  const { place } = found
  const ranges = place === undefined ? undefined : headPaths.get(place.path)
  if (place === undefined || ranges === undefined || isOnBase(found)) return false
  return ranges.length === 0 || ranges.some(({ start, end }) => place.line >= start && place.line <= end)
}

const isOpen = ({ status }: Finding) => status === 'failed' || status === 'inconclusive'

const ORDER = ['failure', 'warning', 'notice'] as const

function levelOf({ status, advisory }: Finding): Annotation['level'] {
  if (advisory === true) return 'notice'
  return status === 'failed' ? 'failure' : 'warning'
}

function annotation(found: Finding): readonly Annotation[] {
  if (found.place === undefined) return []
  const { path, line } = found.place
  const message = plain([found.because, ...turnTexts(found)].join(' '), LONGEST_MESSAGE)
  const title = titleText(plain(`${found.gate}: ${found.title}`, 200))
  return [{ path, startLine: line, endLine: line, level: levelOf(found), title, message }]
}

/** What stands below a gate, or the gate itself where nothing does. */
function saidBy({ gate, rules, notes }: GateOutline): readonly Finding[] {
  const said = [...rules, ...notes].filter(isJudged)
  return said.length === 0 ? [gate] : said
}

/** What is promoted, on the line of the manifest that promotes it, with why it may not pass. */
export function promotionFindings({ verdict, changes }: CheckDocument): readonly Finding[] {
  const nodes = verdict.children.filter(({ gate }) => gate === 'promotion')
  if (nodes.length > 0) return nodes
  const place = changes.find(({ kind }) => kind === 'promotion' || kind === 'rollback')?.place
  return place === undefined ? [] : [finding('promotion', verdict.title, verdict.status, verdict.because, { place })]
}

/**
 * Findings that hold or advise, on the lines of the diff that caused them: worst first, fifty at most, each once.
 *
 * @param more  findings of no gate, such as a promotion on its manifest's line
 */
export function annotationsOf(
  gates: readonly GateOutline[],
  headPaths: HeadPaths,
  more: readonly Finding[] = [],
): readonly Annotation[] {
  const found = [...more, ...gates.flatMap(saidBy)].filter((one) => isOpen(one) && isInDiff(one, headPaths))
  const all = found.flatMap(annotation)
  const once = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
  return once.toSorted((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level)).slice(0, MOST_ANNOTATIONS)
}

/** Findings that hold and stand outside the diff, by path and line, each place once. */
export function placesOutside(gates: readonly GateOutline[], headPaths: HeadPaths): readonly Finding[] {
  const found = gates
    .flatMap(saidBy)
    .filter((one) => one.place !== undefined && isOpen(one) && !isInDiff(one, headPaths))
  const key = ({ place, gate }: Finding) => `${gate} ${place?.path} ${place?.line}`
  return [...new Map(found.map((one) => [key(one), one])).values()]
}
