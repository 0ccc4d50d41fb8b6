import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { branchFiles } from '../../ledger/branch-files.ts'
import { causeOf } from '../../ledger/cause.ts'
import { emptyHead } from '../../ledger/documents.ts'
import { withLines } from '../../ledger/layout.ts'
import { beforeFirst, type Line, makeLine } from '../../ledger/line.ts'
import type { SigningKey, VerifyingKey } from '../../ledger/signature.ts'
import { Unavailable } from '../../ports.ts'
import type { Checkout } from '../checkout/checkout.ts'
import { git } from '../checkout/git.ts'
import { writeFiles } from '../checkout/new-repository.ts'
import { type Mirror, mirrorLines } from './mirror.ts'
import { LEDGER_BRANCH } from './view.ts'

export interface RestoreInput {
  readonly mirror: Mirror
  /** GitHub's id of the repository. */
  readonly ledger: number
  readonly keys: readonly VerifyingKey[]
  readonly signingKey: SigningKey
  /** What the branch is now; null when it is gone. */
  readonly tip: string | null
  readonly now: string
}

const AT_ONCE = 32
/** How a line says that the branch was rebuilt. */
const RESTORED = 'ledger-restored'

/**
 * All lines of the mirror, verified.
 *
 * @throws {LedgerBroken} when the mirror cannot be believed: then nothing can be rebuilt from it
 */
export async function linesOfMirror({
  mirror,
  ledger,
  keys,
}: Pick<RestoreInput, 'mirror' | 'ledger' | 'keys'>): Promise<readonly Line[]> {
  const lines: Line[] = []
  for await (const { line } of mirrorLines(mirror, { ledger, keys })) lines.push(line)
  return lines
}

/**
 * What the branch should hold: every line of the mirror, and a last one that says that it was rebuilt, by which
 * instances that remember another past accept it.
 *
 * @returns path -> text, and how many lines that is
 * @throws {LedgerBroken | Unavailable}
 */
export async function restoredFiles(
  input: RestoreInput,
): Promise<{ readonly files: ReadonlyMap<string, string>; readonly lines: number }> {
  const { ledger, keys, signingKey } = input
  const there = await linesOfMirror(input)
  await putIds(input.mirror, there)
  const lines = isRestored(there.at(-1)) ? there : [...there, await restoringLine(input, there)]
  const last = lines.at(-1)!
  const head = { ...emptyHead(ledger), restored: last.seq }
  const content = withLines({ head, indexes: new Map(), scopes: new Map(), parts: new Map() }, lines)
  return { files: branchFiles(content, signingKey, keys), lines: lines.length }
}

/** A crash may have left a line without its id: whoever looks for it must find it in what is rebuilt. */
async function putIds(mirror: Mirror, lines: readonly Line[]): Promise<void> {
  for (let at = 0; at < lines.length; at += AT_ONCE)
    await Promise.all(lines.slice(at, at + AT_ONCE).map((line) => mirror.putId(line)))
}

function isRestored(line: Line | undefined): boolean {
  return line?.fact.kind === 'changed' && line.fact.what === RESTORED
}

async function restoringLine(input: RestoreInput, there: readonly Line[]): Promise<Line> {
  const { mirror, ledger, signingKey, tip, now } = input
  const before = there.at(-1) ?? { seq: 0, digest: beforeFirst(ledger) }
  const line = makeLine(
    {
      scope: 'budget',
      fact: { kind: 'changed', what: RESTORED, lines: there.length, on: tip },
      cause: causeOf('restore', [ledger, before.seq, tip ?? 'none']),
      actorId: 0,
      at: now,
    },
    before,
    signingKey,
  )
  if ((await mirror.put(line, tip)) === 'written') {
    await mirror.putId(line)
    return line
  }
  throw new Unavailable('unreachable', `somebody wrote line ${line.seq} meanwhile`, 'Stop the app, and restore again.')
}

/** Writes files as one commit on the branch of a clone, and nothing else of the clone. */
export async function commitRestored(
  checkout: Checkout,
  tip: string | null,
  files: ReadonlyMap<string, string>,
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'weighbridge-restore-'))
  const folder = join(scratch, 'ledger')
  try {
    await git(checkout.root, ['worktree', 'add', '--quiet', '--detach', '--no-checkout', folder, tip ?? 'HEAD'])
    await git(folder, ['read-tree', '--empty'])
    await writeFiles(
      folder,
      [...files].map(([path, content]) => ({ path, content })),
    )
    await git(folder, ['-c', 'core.autocrlf=false', 'add', '--all', '--force', '.'])
    const tree = (await git(folder, ['write-tree'])).trim()
    const parents = tip === null ? [] : ['-p', tip]
    const message = 'ledger: rebuilt from the mirror [skip ci]'
    const commit = await git(folder, [...(await who(folder)), 'commit-tree', tree, ...parents, '-m', message])
    await git(checkout.root, ['update-ref', `refs/heads/${LEDGER_BRANCH}`, commit.trim()])
    return commit.trim()
  } finally {
    await git(checkout.root, ['worktree', 'remove', '--force', folder]).catch(() => undefined)
    await rm(scratch, { recursive: true, force: true })
  }
}

async function who(folder: string): Promise<readonly string[]> {
  const email = await git(folder, ['config', '--get', 'user.email']).catch(() => '')
  const own = ['-c', 'user.name=Weighbridge', '-c', 'user.email=weighbridge@localhost.invalid']
  return email.trim() === '' ? own : []
}
