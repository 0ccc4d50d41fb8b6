import { endedWaivers, liveWaivers } from '../../gates/ended-waivers.ts'
import { isInForce, untilText } from '../../gates/ledger-findings.ts'
import { type BudgetRun, isOpen } from '../../ledger/budget-state.ts'
import type { LedgerState } from '../../ledger/fact.ts'
import type { BudgetReading } from '../../ports/ledger.ts'
import { codeSpan, escapeMarkdown, tableLines } from '../../report/markdown-text.ts'
import { promotionsText } from './answer-words.ts'
import type { ServedModel, StatusFacts, WaitingPull } from './status-facts.ts'

const MOST_WAITING = 20
const MOST_RUNNING = 20

/** What each environment serves, what waits and what runs, as Markdown of bounded length. */
export function statusText(facts: StatusFacts, runs: readonly BudgetRun[] | string, now: string): string {
  return [
    ...servedLines(facts, now),
    '',
    '**Waits**',
    '',
    ...waitingLines(facts.waiting),
    '',
    '**Runs**',
    '',
    ...(typeof runs === 'string' ? [escapeMarkdown(runs)] : runningLines(runs)),
  ].join('\n')
}

/** Runs of one model, or of all, that have not ended; or why that cannot be told. */
export function openRuns(reading: BudgetReading, model: string | null): readonly BudgetRun[] | string {
  if (reading.is !== 'sound') return `What runs cannot be told: ${reading.because}`
  return reading.budget.runs.filter((run) => isOpen(run) && (model === null || run.model === model))
}

function servedLines({ environments, served, waiting, more }: StatusFacts, now: string): readonly string[] {
  const frozen = environments.flatMap(({ environment, ledger }) => {
    const freeze = ledger.is === 'sound' ? ledger.state.frozen : null
    if (freeze === null || !isInForce(freeze.until, now)) return []
    const because = `frozen ${untilText(freeze.until)}: ${freeze.reason}`
    return [`- ${escapeMarkdown(environment)} is ${escapeMarkdown(because, 'line', 600)}`]
  })
  const rows = served.map((one) => [
    escapeMarkdown(one.environment, 'cell'),
    escapeMarkdown(one.model, 'cell'),
    one.version === null ? 'nothing yet' : codeSpan(one.version, 'cell'),
    one.created === null ? '' : dayOf(one.created),
    notesOf(one, waiting, now)
      .map((note) => escapeMarkdown(note, 'cell', 300))
      .join('<br>'),
  ])
  const table = tableLines(['environment', 'model', 'serves', 'recorded', 'notes'], rows)
  return [
    ...(rows.length === 0 ? ['No environment serves a model of this name.'] : table),
    ...(more === 0 ? [] : ['', `${more} more rows are not shown: \`/status <model>\` shows those of one model.`]),
    ...(frozen.length === 0 ? [] : ['', ...frozen]),
  ]
}

function dayOf(moment: string): string {
  const at = Date.parse(moment)
  return Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 10)
}

/** What the ledger says beside the version: most pressing first. */
function notesOf(served: ServedModel, waiting: readonly WaitingPull[], now: string): readonly string[] {
  const { version, ledger } = served
  if (ledger.is !== 'sound') return [`the ledger is ${ledger.is}`]
  const { state } = ledger
  const last = state.deployed.findLast((one) => one.version === version)
  return [
    ...state.unweighed.map(({ because }) => `landed without a passing verdict: ${because}`),
    ...waiverNotes(state, last, now),
    ...state.quarantined
      .filter(({ until }) => isInForce(until, now))
      .map((one) => `quarantined: ${one.version ?? one.digest.slice(0, 19)} ${untilText(one.until)}: ${one.reason}`),
    ...state.held
      .filter(({ pull }) => waiting.some((one) => one.pull === pull && mayPromote(one, served)))
      .map(({ pull, reason }) => `pull request ${pull} is held: ${reason}`),
    ...(last === undefined ? [] : [`live since ${dayOf(last.at)}${last.verified ? ', verified' : ''}`]),
  ]
}

function mayPromote({ promotes }: WaitingPull, { environment, model }: ServedModel): boolean {
  return promotes === null || promotes.some((one) => one.environment === environment && one.model === model)
}

/** A waiver outlives the merge that it allowed. */
function waiverNotes(
  state: LedgerState,
  live: LedgerState['deployed'][number] | undefined,
  now: string,
): readonly string[] {
  const [own, ended] = [liveWaivers(state, live), endedWaivers(state, live, now)]
  return state.waived.flatMap((one) => {
    const { gate, until, reason, landed } = one
    if (ended.includes(one)) return [`live under an expired waiver of ${gate}, until ${until}: ${reason}`]
    if (!isInForce(until, now)) return []
    if (own.includes(one)) return [`live under a waiver of ${gate} until ${until}: ${reason}`]
    return landed === undefined ? [`${gate} is waived until ${until}: ${reason}`] : []
  })
}

function waitingLines(waiting: readonly WaitingPull[]): readonly string[] {
  if (waiting.length === 0) return ['Nothing.']
  const lines = waiting.slice(0, MOST_WAITING).map(({ pull, promotes, isWeighed, conclusion }) => {
    const what = promotes === null ? 'not read yet' : promotionsText(promotes)
    return `- #${pull} (${what}): ${isWeighed ? verdictWord(conclusion) : 'being weighed'}`
  })
  return [...lines, ...(waiting.length > MOST_WAITING ? [`- and ${waiting.length - MOST_WAITING} more`] : [])]
}

function verdictWord(conclusion: string | null): string {
  if (conclusion === 'success') return 'passed'
  return conclusion === 'failure' ? 'failed' : 'held, not decided'
}

function runningLines(runs: readonly BudgetRun[]): readonly string[] {
  if (runs.length === 0) return ['Nothing.']
  const lines = runs.slice(-MOST_RUNNING).map(({ model, command, correlation, attempt, at, issue, gpu_seconds }) => {
    const reserved = `${(gpu_seconds / 3600).toFixed(1)} GPU hours reserved`
    return `- ${codeSpan(`/${command} ${model}`)} ${codeSpan(`${correlation}.${attempt}`)} since ${at}, asked for in #${issue}; ${reserved}`
  })
  return [...lines, ...(runs.length > MOST_RUNNING ? [`- and ${runs.length - MOST_RUNNING} more`] : [])]
}
