import type { FactScope } from '../../ledger/fact.ts'
import { type Line, lineFlaw } from '../../ledger/line.ts'
import type { VerifyingKey } from '../../ledger/signature.ts'
import type { GitHost, RemoteRepository } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { GitFailure } from '../checkout/git.ts'
import { type BranchReader, readBranch } from './branch-reader.ts'
import { LedgerBroken } from './ledger-broken.ts'
import type { Mirror, MirroredLine } from './mirror.ts'

export const LEDGER_BRANCH = 'weighbridge/ledger'

/** The mark `ledger:<repository id>` of the inbox. Losing it costs nothing that the mirror does not know. */
export interface SeenTip {
  get(): string | null
  set(value: string): void
}

export interface ViewPorts {
  readonly host: Pick<GitHost, 'open' | 'tip'>
  readonly repository: HostedRepository
  readonly mirror: Mirror
  readonly keys: readonly VerifyingKey[]
  readonly seen: SeenTip
  readonly sleep: (ms: number) => Promise<void>
}

/** The ledger as it is now: what the branch holds, and lines that lie in the mirror and not yet in the branch. */
export interface LedgerView {
  readonly tip: string | null
  readonly branch: BranchReader
  readonly pending: readonly Line[]
  /** The last line of all. */
  readonly last: { readonly seq: number; readonly digest: string }
}

/** How long to wait before a tip that looks wrong is read again: GitHub's reads lag behind its writes. */
const LAG_MS = [0, 300, 1500]

/**
 * Reads the ledger at a tip, or at a newer one where the given one is out of date.
 *
 * Cost: one question to the branch, two objects of the mirror; one comparison more when the tip is new.
 *
 * @throws {LedgerBroken | HostFailure | Unavailable}
 */
export async function viewLedger(
  ports: ViewPorts,
  given: string | null,
  scopes: readonly FactScope[],
): Promise<LedgerView> {
  let tip = given
  for (const wait of LAG_MS) {
    try {
      return await viewAt(ports, tip, scopes)
    } catch (error) {
      if (!(error instanceof LedgerBroken) || !error.mayBeStale) throw error
      await ports.sleep(wait)
      tip = await ports.host.tip(ports.repository, LEDGER_BRANCH)
    }
  }
  return viewAt(ports, tip, scopes)
}

async function viewAt(ports: ViewPorts, tip: string | null, scopes: readonly FactScope[]): Promise<LedgerView> {
  const { host, repository, mirror, keys } = ports
  const git = host.open(repository)
  const snapshot = tip === null ? null : await git.snapshot(tip)
  const branch = await readBranch({ snapshot, ledger: repository.id, keys, scopes })
  await compareWithSeen(ports, git, { tip, branch })
  const pending = await pendingLines({ mirror, keys, git, tip, head: branch.head })
  if (tip !== null) rememberTip(ports.seen, tip, branch.head.seq)
  return { tip, branch, pending, last: pending.at(-1) ?? branch.head }
}

/** Keeps the newest tip that was found sound. */
export function rememberTip(seen: SeenTip, tip: string, seq: number): void {
  if (seq > (markOf(seen)?.seq ?? 0)) seen.set(`${tip} ${seq}`)
}

function markOf(seen: SeenTip): { readonly tip: string; readonly seq: number } | null {
  const [, tip, seq] = /^([0-9a-f]{40,64}) (\d{1,15})$/.exec(seen.get() ?? '') ?? []
  return tip === undefined || seq === undefined ? null : { tip, seq: Number(seq) }
}

/** The branch may only have grown since it was last seen, and by lines of ours alone. */
async function compareWithSeen(
  { seen }: ViewPorts,
  git: RemoteRepository,
  { tip, branch: { head } }: { readonly tip: string | null; readonly branch: BranchReader },
): Promise<void> {
  const before = markOf(seen)
  if (before === null || before.tip === tip) return
  const shown = `${tip?.slice(0, 12)}`
  if (tip === null || head.seq < before.seq) {
    const now = tip === null ? 'the branch is gone' : `the branch ends at line ${head.seq}`
    throw new LedgerBroken(head.seq + 1, `${now}, though line ${before.seq} was there before`, { mayBeStale: true })
  }
  if (head.seq === before.seq)
    throw new LedgerBroken(head.seq + 1, `commit ${shown} adds no line of ours: somebody else wrote to the branch`)
  const wasRebuilt = head.restored !== null && head.restored > before.seq
  if (!wasRebuilt && !(await isAncestor(git, before.tip, tip)))
    throw new LedgerBroken(before.seq, `commit ${shown} does not descend from ${before.tip.slice(0, 12)}: rewritten`)
}

async function isAncestor(git: RemoteRepository, older: string, newer: string): Promise<boolean> {
  try {
    return older === newer || (await git.mergeBase(older, newer)) === older
  } catch (error) {
    const isUnknown = error instanceof HostFailure && [404, 409, 422].includes(error.status)
    if (isUnknown || error instanceof GitFailure) return false
    throw error
  }
}

interface PendingInput {
  readonly mirror: Mirror
  readonly keys: readonly VerifyingKey[]
  readonly git: RemoteRepository
  readonly tip: string | null
  readonly head: BranchReader['head']
}

/** More lines than any crash leaves behind: somebody put the branch back. */
const MOST_PENDING = 500

/**
 * Lines that were mirrored, and whose commit did not happen yet or never: verified one by one. Each must have been
 * appended on the tip or on a commit that the tip descends from; else the branch had been further than it is.
 */
async function pendingLines(input: PendingInput): Promise<readonly Line[]> {
  const { mirror, keys, git, tip, head } = input
  const pending: Line[] = []
  const sound = new Set<string | null>([tip, null])
  let before: { readonly seq: number; readonly digest: string } = head
  for await (const { line, parent } of linesBeyond(mirror, head)) {
    const flaw = lineFlaw(line, before, keys)
    if (flaw !== null) throw new LedgerBroken(line.seq, `the mirror's line ${flaw}`)
    const isSound = sound.has(parent) || (tip !== null && parent !== null && (await isAncestor(git, parent, tip)))
    const followed = `this line followed ${parent?.slice(0, 12)}`
    if (!isSound)
      throw new LedgerBroken(line.seq, `the branch is shorter than it was: ${followed}`, { mayBeStale: true })
    sound.add(parent)
    pending.push(line)
    before = line
  }
  return pending
}

/** What the mirror holds after the head, and first whether it holds the same head. Usually two objects, asked at once. */
async function* linesBeyond(mirror: Mirror, head: BranchReader['head']): AsyncGenerator<MirroredLine> {
  const [newest, next] = await Promise.all([head.seq === 0 ? null : mirror.line(head.seq), mirror.line(head.seq + 1)])
  if (head.seq > 0 && newest?.line.digest !== head.digest)
    throw new LedgerBroken(head.seq, newest === null ? 'the mirror lacks it' : 'branch and mirror hold two lines of it')
  if (next === null) return
  yield next
  for (let seq = next.line.seq + 1; seq <= head.seq + MOST_PENDING; seq += AT_ONCE) {
    const some = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => mirror.line(seq + index)))
    for (const one of some) {
      if (one === null) return
      yield one
    }
  }
  const because = `the branch is more than ${MOST_PENDING} lines shorter than its mirror`
  throw new LedgerBroken(head.seq + 1, because, { mayBeStale: true })
}

const AT_ONCE = 16
