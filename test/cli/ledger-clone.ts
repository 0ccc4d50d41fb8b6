import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openStore } from '../../src/adapters/store/store.ts'
import { fact, type LedgerWorld, OUR_KEY, openLedgerWorld, quarantine } from '../adapters/ledger/ledger-world.ts'
import { emptyFolder } from './terminal-user.ts'

/** A clone of a repository whose ledger has five lines in five commits, and the mirror beside it. */
export interface LedgerClone {
  readonly clone: string
  readonly remote: string
  readonly world: LedgerWorld
  /** The folder that is `store.evidence`. */
  readonly evidence: string
  /** Files with keys, as the operator has them. */
  readonly keys: string
  readonly key: string
  /** Puts the branch's files as they are in the world into the remote, and fetches them. */
  refresh(): void
}

export const git = (folder: string, ...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

export async function ledgerClone(): Promise<LedgerClone> {
  const folder = emptyFolder()
  const [clone, remote, store] = ['clone', 'remote', 'store'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  mkdirSync(store)
  const prefix = 'file:evidence'
  const world = openLedgerWorld({ store: openStore({ root: store, prefixes: [prefix] }), prefix })
  const ledger = world.open()
  for (let number = 1; number <= 5; number++)
    await ledger.append([
      fact(number, number === 3 ? { fact: { ...quarantine('1.1.0'), reason: '=cmd|calc' } as never, actorId: 77 } : {}),
    ])
  git(folder, 'init', '--quiet', '--initial-branch=main', remote)
  git(remote, 'commit', '--quiet', '--allow-empty', '-m', 'start')
  const refresh = () => {
    commitFiles(remote, world.branch.files())
    git(clone, 'fetch', '--quiet', 'origin')
  }
  git(folder, 'clone', '--quiet', remote, clone)
  refresh()
  const [keys, key] = [join(folder, 'operator.yml'), join(folder, 'ledger.pem')]
  writeFileSync(keys, `version: 1\nledger:\n  public_keys:\n    - ${OUR_KEY.public.text}\n`)
  writeFileSync(key, OUR_KEY.key.export({ type: 'pkcs8', format: 'pem' }))
  return { clone, remote, world, evidence: join(store, 'evidence'), keys, key, refresh }
}

/** Exactly these files, as one commit more on the ledger's branch. */
function commitFiles(remote: string, files: ReadonlyMap<string, string>): void {
  const here = git(remote, 'branch', '--list', 'weighbridge/ledger').trim() !== ''
  git(remote, 'switch', '--quiet', ...(here ? ['weighbridge/ledger'] : ['--orphan', 'weighbridge/ledger']))
  git(remote, 'rm', '-r', '-q', '--ignore-unmatch', '.')
  for (const [path, text] of files) {
    mkdirSync(dirname(join(remote, path)), { recursive: true })
    writeFileSync(join(remote, path), text)
  }
  git(remote, 'add', '--all')
  git(remote, 'commit', '--quiet', '--allow-empty', '-m', 'ledger')
  git(remote, 'switch', '--quiet', 'main')
  rmSync(join(remote, 'facts'), { recursive: true, force: true })
}

export { typesHere as types } from './terminal-user.ts'
