import { createHash } from 'node:crypto'
import type { GitCommit, GitObject, GitPerson, GitTreeEntry, NewCommit } from './git-storage.ts'

/** Name and bytes under which Git keeps an object. */
export function encodeObject(object: GitObject): { readonly oid: string; readonly bytes: Buffer } {
  const bytes = Buffer.concat([Buffer.from(`${object.type} ${object.bytes.length}\0`), object.bytes])
  return { oid: createHash('sha1').update(bytes).digest('hex'), bytes }
}

export function parseTree(bytes: Buffer): readonly GitTreeEntry[] {
  const entries: GitTreeEntry[] = []
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at)
    const end = bytes.indexOf(0, space)
    const mode = bytes.toString('latin1', at, space).padStart(6, '0')
    entries.push({ mode, name: bytes.toString('utf8', space + 1, end), oid: bytes.toString('hex', end + 1, end + 21) })
    at = end + 21
  }
  return entries
}

/** Git sorts folders as if their names ended in a slash. */
export function encodeTree(entries: readonly GitTreeEntry[]): Buffer {
  const keyed = entries.map((entry) => ({
    entry,
    key: Buffer.from(entry.mode === '040000' ? `${entry.name}/` : entry.name),
  }))
  keyed.sort((a, b) => Buffer.compare(a.key, b.key))
  return Buffer.concat(
    keyed.flatMap(({ entry }) => [
      Buffer.from(`${entry.mode.replace(/^0/, '')} ${entry.name}\0`),
      Buffer.from(entry.oid, 'hex'),
    ]),
  )
}

export function parseCommit(sha: string, bytes: Buffer): GitCommit {
  const text = bytes.toString('utf8')
  const split = text.indexOf('\n\n')
  // a line that starts with a blank goes on where the one before it ended
  const headers = text.slice(0, split).replaceAll('\n ', '\u0000').split('\n')
  const all = (name: string) =>
    headers.filter((one) => one.startsWith(`${name} `)).map((one) => one.slice(name.length + 1))
  const unsigned = headers.filter((one) => !one.startsWith('gpgsig '))
  return {
    sha,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: parsePerson(all('author')[0] ?? ''),
    committer: parsePerson(all('committer')[0] ?? ''),
    message: text.slice(split + 2),
    signature: all('gpgsig')[0]?.replaceAll('\u0000', '\n') ?? null,
    signedPayload: `${unsigned.join('\n').replaceAll('\u0000', '\n ')}${text.slice(split)}`,
  }
}

/** The commit's text, with the signature that `sign` makes over it. */
export function encodeCommit(commit: NewCommit): Buffer {
  const headers = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${personLine(commit.author)}`,
    `committer ${personLine(commit.committer)}`,
  ]
  const payload = `${headers.join('\n')}\n\n${commit.message}`
  if (commit.sign === undefined) return Buffer.from(payload)
  const signature = commit.sign(payload).replaceAll('\n', '\n ')
  return Buffer.from(`${headers.join('\n')}\ngpgsig ${signature}\n\n${commit.message}`)
}

function parsePerson(line: string): GitPerson {
  const found = /^(.*?) ?<(.*)> (-?\d+) ([+-]\d{4})$/s.exec(line)
  return { name: found?.[1] ?? '', email: found?.[2] ?? '', at: Number(found?.[3] ?? 0), zone: found?.[4] ?? '+0000' }
}

function personLine(person: GitPerson): string {
  const plain = (text: string) => text.replace(/[<>\n\0]/g, '').trim()
  return `${plain(person.name)} <${plain(person.email)}> ${person.at} ${person.zone}`
}
