import type { PullHandle, ShownCheck } from '../pull-handle.ts'
import type { Expectation } from './scenario.ts'

/** The check that stands for the verdict. */
const ROLL_UP = 'weighbridge'

/** What there is to be seen when an expectation is held against it. */
export interface Seen {
  /** The pull request that is spoken of; null when none is named. */
  readonly pull: Pick<PullHandle, 'state' | 'checks' | 'comments'> | null
  /** Slug of the app whose checks count. */
  readonly app: string
  /** Login of its bot. */
  readonly bot: string
  /** Status by gate, where the app tells it. */
  readonly gates: Readonly<Record<string, string>>
  readonly ledger: readonly Readonly<Record<string, unknown>>[]
}

/** A sentence for each thing that is not as expected; empty when all is. */
export function unmet(expected: Expectation, seen: Seen): readonly string[] {
  const ours = seen.pull?.checks.filter((check) => check.app === seen.app) ?? []
  const comments = seen.pull?.comments.filter(({ author, isMinimised }) => author === seen.bot && !isMinimised) ?? []
  const words = [
    ...ours.flatMap(({ title, summary, text }) => [title, summary, text]),
    ...comments.map(({ body }) => body),
  ]
  return [
    ...unlike('state', expected.state, seen.pull?.state),
    ...unlike('verdict', expected.verdict, verdictOf(ours)),
    ...Object.entries(expected.gates ?? {}).flatMap(([gate, status]) =>
      unlike(`gate ${gate}`, status, seen.gates[gate] ?? verdictOf(ours, `${ROLL_UP} / ${gate}`)),
    ),
    ...Object.entries(expected.checks ?? {}).flatMap(([name, wanted]) =>
      unlike(`check ${name}`, wanted, conclusionOf(ours.find((check) => check.name === name))),
    ),
    ...unlike('comments of the app', expected.comments, comments.length),
    ...(expected.says ?? [])
      .filter((text) => !words.some((word) => word.includes(text)))
      .map((text) => `nothing says ${JSON.stringify(text)}`),
    ...(expected.never_says ?? [])
      .filter((text) => words.some((word) => word.includes(text)))
      .map((text) => `something says ${JSON.stringify(text)}`),
    ...(expected.ledger ?? [])
      .filter((fact) => !seen.ledger.some((line) => holds(line, fact)))
      .map((fact) => `no line of the ledger's ${seen.ledger.length} has ${JSON.stringify(fact)}`),
  ]
}

function unlike(what: string, wanted: unknown, found: unknown): readonly string[] {
  if (wanted === undefined || Object.is(wanted, found)) return []
  return [`${what}: expected ${String(wanted)}, found ${found === undefined ? 'nothing' : String(found)}`]
}

const VERDICTS: Readonly<Record<string, string>> = {
  success: 'passed',
  failure: 'failed',
  action_required: 'inconclusive',
}

function verdictOf(checks: readonly ShownCheck[], name = ROLL_UP): string | undefined {
  const conclusion = conclusionOf(checks.find((check) => check.name === name))
  return VERDICTS[conclusion] ?? (conclusion === 'none' ? undefined : conclusion)
}

function conclusionOf(check: ShownCheck | undefined): string {
  if (check === undefined) return 'none'
  return check.status === 'completed' ? (check.conclusion ?? 'none') : 'in_progress'
}

/** Whether a value has everything that the wanted one names; lists entry by entry. */
function holds(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return Object.is(value, wanted)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(wanted).every(([key, inner]) => holds((value as Readonly<Record<string, unknown>>)[key], inner))
}
