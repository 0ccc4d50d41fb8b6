import type { Wish } from './wish.ts'

const TEXT = '... on Blob { isBinary isTruncated text }'
const HEAD = 'mode type oid size'
const level = (below: string, text: string) => `object { ${text} ... on Tree { entries { name ${HEAD} ${below} } } }`
const ANY_COMMIT = 'nodes { oid }'
const FILE_WITH_TEXT = `${HEAD} object { ${TEXT} }`
const FOLDER = `${HEAD} ${level(level(level('', ''), ''), '')}`
/** A folder with what lies three levels below it, and the text of its files. */
export const FOLDER_WITH_TEXT = `${HEAD} ${level(level(level(`object { ${TEXT} }`, TEXT), TEXT), TEXT)}`

/** A query for wishes: aliases and variables by position, so that nothing that a user named stands in the text. */
export function contentQuery(wishes: readonly Wish[]): {
  readonly document: string
  readonly variables: Readonly<Record<string, string>>
} {
  const commits = [...new Set(wishes.flatMap((wish) => (wish.kind === 'blob' ? [] : [wish.sha])))]
  const numbered = wishes.map((wish, at) => ({ wish, at }))
  const names = [
    ...commits.map((sha, at) => ({ name: `c${at}`, type: 'GitObjectID!', value: sha })),
    ...numbered.map(({ wish, at }) =>
      wish.kind === 'blob'
        ? { name: `w${at}`, type: 'GitObjectID!', value: wish.oid }
        : { name: `w${at}`, type: 'String!', value: wish.path },
    ),
  ]
  const ofCommit = (sha: string) =>
    numbered.flatMap(({ wish, at }) =>
      wish.kind !== 'blob' && wish.sha === sha ? [`w${at}: ${fieldOf(wish, `$w${at}`)}`] : [],
    )
  const parts = [
    ...commits.map((sha, at) => `c${at}: object(oid: $c${at}) { ... on Commit { oid ${ofCommit(sha).join(' ')} } }`),
    ...numbered.flatMap(({ wish, at }) => (wish.kind === 'blob' ? [`w${at}: object(oid: $w${at}) { ${TEXT} }`] : [])),
  ]
  const declared = names.map(({ name, type }) => `$${name}: ${type}`).join(', ')
  return {
    document: `query Contents($owner: String!, $name: String!, ${declared}) {
  repository(owner: $owner, name: $name) {
    ${parts.join('\n    ')}
  }
}`,
    variables: Object.fromEntries(names.map(({ name, value }) => [name, value])),
  }
}

function fieldOf(wish: Exclude<Wish, { kind: 'blob' }>, path: string): string {
  if (wish.kind === 'touched') return `history(path: ${path}, first: 1) { ${ANY_COMMIT} }`
  return `file(path: ${path}) { ${partsOf(wish)} }`
}

function partsOf(wish: Extract<Wish, { withText: boolean }>): string {
  if (wish.kind === 'entry') return wish.withText ? FILE_WITH_TEXT : HEAD
  return wish.withText ? FOLDER_WITH_TEXT : FOLDER
}
