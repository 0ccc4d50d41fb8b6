import { createHash } from 'node:crypto'
import { git, readBlobs } from '../../../src/adapters/checkout/git.ts'
import type { Asked } from './recorded-github.ts'

interface Entry {
  readonly name: string
  readonly mode: string
  readonly type: string
  readonly oid: string
  readonly size: number
}

/** `Repository` of GraphQL over a real repository: objects by id, files by path, trees as deep as they are asked. */
export function repositoryOver(folder: string) {
  const treeEntry = (entry: Entry) => ({
    name: entry.name,
    mode: Number.parseInt(entry.mode, 8),
    type: entry.type,
    oid: entry.oid,
    size: entry.size,
    object: () => (entry.type === 'commit' ? null : object(entry.oid)),
  })
  const blob = async (oid: string) => {
    const bytes = Buffer.from((await readBlobs(folder, [oid])).get(oid) ?? [])
    const isBinary = bytes.includes(0)
    const text = isBinary ? null : bytes.subarray(0, 512_000).toString('utf8')
    return { __typename: 'Blob', oid, byteSize: bytes.length, isBinary, isTruncated: bytes.length > 512_000, text }
  }
  const commit = async (oid: string): Promise<object> => ({
    __typename: 'Commit',
    oid,
    file: async ({ path }: { path: string }) => {
      const [entry] = await entriesAt(folder, oid, [path])
      return entry === undefined ? null : treeEntry({ ...entry, name: path.split('/').at(-1) ?? '' })
    },
    parents: async () => ({ nodes: (await parentsOf(folder, oid)).map((parent) => ({ oid: parent })) }),
    history: async () => ({
      pageInfo: { hasNextPage: false, endCursor: null },
      nodes: await Promise.all((await git(folder, ['rev-list', oid])).trim().split('\n').map(commit)),
    }),
    associatedPullRequests: { pageInfo: { hasNextPage: false }, nodes: [] },
    committedDate: '2026-11-18T09:00:00Z',
  })
  const object = async (oid: string): Promise<unknown> => {
    const type = await git(folder, ['cat-file', '-t', oid]).then(
      (said) => said.trim(),
      () => null,
    )
    if (type === 'commit') return commit(oid)
    if (type === 'blob') return blob(oid)
    if (type !== 'tree') return null
    return { __typename: 'Tree', oid, entries: async () => (await entriesAt(folder, oid, [])).map(treeEntry) }
  }
  return { object: ({ oid }: { oid: string }) => object(oid) }
}

async function parentsOf(folder: string, sha: string): Promise<readonly string[]> {
  const [, ...parents] = (await git(folder, ['rev-list', '--parents', '-n', '1', sha])).trim().split(' ')
  return parents
}

async function entriesAt(folder: string, tree: string, paths: readonly string[]): Promise<readonly Entry[]> {
  const args = ['ls-tree', '-z', '--long', '--full-tree', tree, ...(paths.length === 0 ? [] : ['--', ...paths])]
  return (await git(folder, args))
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t')
      const [mode = '', type = '', oid = '', size = '-'] = line.slice(0, tab).split(/ +/)
      return { name: line.slice(tab + 1), mode, type, oid, size: size === '-' ? 0 : Number(size) }
    })
}

/** REST's comparison over a real repository, with renames found as GitHub finds them. */
export async function comparisonOver(folder: string, { path }: Asked) {
  const [base = '', head = ''] = path.split('/compare/')[1]?.split('...') ?? []
  const mergeBase = (await git(folder, ['merge-base', base, head])).trim()
  const raw = await git(folder, ['diff-tree', '-r', '-z', '-M', '--raw', '--no-abbrev', mergeBase, head])
  const parts = raw.split('\0')
  const files = []
  for (let at = 0; at + 1 < parts.length; ) {
    const [, , oidFrom = '', oidTo = '', status = ''] = (parts[at] ?? '').split(' ')
    const isRename = status.startsWith('R')
    const [from = '', to = ''] = [parts[at + 1], parts[at + 2]]
    const word = { A: 'added', D: 'removed', M: 'modified', T: 'changed', R: 'renamed' }[status[0] ?? '']
    const sha = status === 'D' ? oidFrom : oidTo
    files.push({ filename: isRename ? to : from, status: word, sha, ...(isRename && { previous_filename: from }) })
    at += isRename ? 3 : 2
  }
  return { body: { merge_base_commit: { sha: mergeBase }, files } }
}

export function blobAnswer(bytes: Buffer) {
  const sha = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  return { body: { sha, encoding: 'base64', content: bytes.toString('base64'), size: bytes.length } }
}
