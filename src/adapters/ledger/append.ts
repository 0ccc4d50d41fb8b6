import { branchFiles } from '../../ledger/branch-files.ts'
import { lineId, scopeName } from '../../ledger/cause.ts'
import type { FactScope, NewFact } from '../../ledger/fact.ts'
import { withLines } from '../../ledger/layout.ts'
import { type Line, lineFlaw, makeLine } from '../../ledger/line.ts'
import type { SigningKey } from '../../ledger/signature.ts'
import type { CommitAnswer, GitHost } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import { Unavailable } from '../../ports.ts'
import { LedgerBroken } from './ledger-broken.ts'
import { LEDGER_BRANCH, type LedgerView, rememberTip, type ViewPorts, viewLedger } from './view.ts'

export interface AppendPorts extends ViewPorts {
  readonly host: Pick<GitHost, 'open' | 'tip' | 'commit'>
  readonly signingKey: SigningKey
  /** 0 to 1, for waiting times. */
  readonly random: () => number
}

/** So often the branch may move away before we give up; twenty writers need a handful of turns. */
const MOST_TRIES = 25
const LONGEST_PAUSE_MS = 2000

/**
 * Appends facts: reads the head, writes each line into the mirror, then all of them in one commit.
 *
 * Of two writers of one seq the mirror lets one win; the other reads that line and goes on behind it. Whoever commits
 * takes along every line that lies in the mirror and not in the branch, so that a crash anywhere leaves nothing that
 * the next writer does not finish.
 *
 * @throws {LedgerBroken | HostFailure | Unavailable}
 */
export async function appendFacts(
  ports: AppendPorts,
  facts: readonly NewFact[],
  seenTip?: string | null,
): Promise<{ readonly tip: string; readonly appended: number }> {
  const own = new Set<string>()
  const scopes = facts.map(({ scope }) => scope)
  const tip = await commitUntilThere(ports, scopes, (view) => mirrorFacts(ports, { view, facts, own }), seenTip)
  return { tip, appended: own.size }
}

/**
 * Commits lines that are in the mirror, again and again until the branch holds them.
 *
 * @param mirrored  puts lines into the mirror, and answers all that are to be committed
 * @param seenTip   what the first turn is tried on; absent: it is read
 * @returns the tip that holds them
 */
export async function commitUntilThere(
  ports: AppendPorts,
  scopes: readonly FactScope[],
  mirrored: (view: LedgerView) => Promise<readonly Line[]>,
  seenTip?: string | null,
): Promise<string> {
  await ports.mirror.refuseForgetful()
  for (let turn = 0; turn < MOST_TRIES; turn++) {
    const isRead = turn > 0 || seenTip === undefined
    const tip = isRead ? await ports.host.tip(ports.repository, LEDGER_BRANCH) : seenTip
    const view = await viewLedger(ports, tip, scopes)
    const lines = await mirrored(view)
    if (lines.length === 0) return view.tip ?? ''
    const answer = await commitLines(ports, view, lines)
    if (answer.is === 'committed') {
      rememberTip(ports.seen, answer.sha, lines.at(-1)!.seq)
      return answer.sha
    }
    await pause(ports, turn)
  }
  throw new Unavailable(
    'unreachable',
    `the branch ${LEDGER_BRANCH} moved away ${MOST_TRIES} times while facts were appended`,
    'It is tried again; the facts are in the mirror and are not lost.',
  )
}

/** Lines for the facts that are not there yet, in the mirror behind those that wait; all that is to be committed. */
export async function mirrorFacts(
  ports: AppendPorts,
  { view, facts, own }: { readonly view: LedgerView; readonly facts: readonly NewFact[]; readonly own: Set<string> },
): Promise<readonly Line[]> {
  const { mirror } = ports
  const lines = [...view.pending]
  const there = await Promise.all(facts.map((fact) => mirror.seqOf(lineId(fact))))
  for (const [index, fact] of facts.entries()) {
    const id = lineId(fact)
    while (there[index] === null && !lines.some((line) => line.id === id))
      if (await mirrorNext(ports, { fact, lines, view })) own.add(id)
  }
  // Before the branch moves: whoever finds a line in the branch finds its id, too.
  await Promise.all(lines.map((line) => mirror.putId(line)))
  return lines
}

/**
 * Tries to take the next free seq for a fact; the line of another who was quicker comes along.
 *
 * @param lines  those that wait to be committed; one more afterwards
 * @returns whether it is ours
 */
export async function mirrorNext(
  ports: AppendPorts,
  { fact, lines, view }: { readonly fact: NewFact; readonly lines: Line[]; readonly view: LedgerView },
): Promise<boolean> {
  const before = lines.at(-1) ?? view.branch.head
  const line = makeLine(fact, before, ports.signingKey)
  const isFirst = (await ports.mirror.put(line, view.tip)) === 'written'
  const there = isFirst ? line : await lineThere(ports, line.seq)
  const flaw = lineFlaw(there, before, ports.keys)
  if (flaw !== null) throw new LedgerBroken(line.seq, `the mirror's line ${flaw}`)
  lines.push(there)
  // A store that answers a repeated request says that it is there: ours has our words.
  return there.text === line.text
}

/** A line that somebody else wrote just now; a store may say so a moment before it shows it. */
async function lineThere({ mirror, sleep }: AppendPorts, seq: number): Promise<Line> {
  for (const wait of [0, 100, 400, 1500]) {
    await sleep(wait)
    const found = await mirror.line(seq)
    if (found !== null) return found.line
  }
  throw new Unavailable('unreachable', `the mirror holds line ${seq} and does not show it`, 'It is tried again.')
}

/** One commit on the tip that was read; an answer that was lost counts as moved: the next turn sees what happened. */
async function commitLines(ports: AppendPorts, view: LedgerView, lines: readonly Line[]): Promise<CommitAnswer> {
  const scopes = [...new Map(lines.map(({ scope }) => [scopeName(scope), scope])).values()]
  const content = withLines(await view.branch.content(scopes), lines)
  const files = branchFiles(content, ports.signingKey, ports.keys)
  try {
    return await ports.host.commit(ports.repository, {
      branch: LEDGER_BRANCH,
      expected: view.tip,
      headline: headlineOf(scopes, lines.length),
      files: [...files].map(([path, text]) => ({ path, content: text })),
    })
  } catch (error) {
    if (error instanceof HostFailure && error.isAmbiguous) return { is: 'moved', because: error.message }
    throw error
  }
}

/** `ledger: 2 facts of production/churn [skip ci]` */
function headlineOf(scopes: readonly FactScope[], count: number): string {
  const [first, ...more] = scopes.map(scopeName)
  const of = more.length === 0 ? first : `${first} and ${more.length} more`
  return `ledger: ${count} ${count === 1 ? 'fact' : 'facts'} of ${of} [skip ci]`
}

/** Longer each time, and different for each writer. */
async function pause({ sleep, random }: AppendPorts, turn: number): Promise<void> {
  await sleep(random() * Math.min(50 * 2 ** turn, LONGEST_PAUSE_MS))
}
