import { YAMLException } from 'js-yaml'
import type { DocumentPath } from '../registry/dotted-path.ts'
import type { Place } from '../registry/mistake.ts'
import { MAX_BYTES, pointerIn, unseenCharacters } from '../registry/source-text.ts'
import { containerOddity, type Field, readField } from './manifest-field.ts'
import { type PlaceIndex, placeIndex } from './place-index.ts'
import { cut, shown } from './shown.ts'
import { type MappingNode, type YamlNode, yamlDocuments } from './yaml-node.ts'
import { type Budget, newBudget, Unclear, type YamlValue, yamlValue } from './yaml-value.ts'

/** One object of a manifest file: a document, or a member of a `List`. */
export interface Manifest {
  readonly place: Place
  /** Text of the document that it stands in. */
  readonly source: string
  /** Why nothing of it can be trusted, and where; null for a document that every reader reads alike. */
  readonly unclear: { readonly because: string; readonly place: Place } | null
  readonly apiVersion: string | null
  readonly kind: string | null
  readonly name: string | null
  readonly namespace: string | null
  /** What it means to the cluster: aliases expanded, merge keys merged. Null when it has no one meaning. */
  readonly value: YamlValue
  /** Strictly: text that every reader finds there, or why not. */
  field(path: DocumentPath): Field
  /** Where a path stands, or its nearest ancestor. */
  placeOf(path: DocumentPath): Place
}

export type ManifestReading =
  | { readonly ok: true; readonly manifests: readonly Manifest[] }
  /** `isHostile`: it shows people another text than parsers read. */
  | {
      readonly ok: false
      readonly place: Place
      readonly what: string
      readonly mend: string
      readonly isHostile: boolean
    }

const MAX_DOCUMENTS = 1_000
/** kubectl and Argo CD cut files at any line that begins with three dashes and drop the rest of that line. */
const BAD_SEPARATOR = /^---(?![ \t]*(#.*)?\r?$)/m
/** They do not know this end of a document at all: what follows it they never see. */
const DOCUMENT_END = /^\.\.\./m

/**
 * Every object of a YAML or JSON manifest file, members of lists as objects of their own.
 *
 * Lenient where the cluster is (comments, many documents, aliases), strict where readers differ. Empty documents are
 * left out.
 *
 * @returns objects in the order of the file, or one reason why it could not be read into objects
 */
export function readManifests(path: string, text: string): ManifestReading {
  const lines = placeIndex(path, text)
  const refuse = (offset: number, what: string, mend: string, isHostile = false): ManifestReading => ({
    ok: false,
    place: lines(offset),
    what,
    mend,
    isHostile,
  })
  if (text.length > MAX_BYTES) {
    return refuse(0, `is larger than ${MAX_BYTES / 1024} KB, the most that is read of a manifest`, 'Split the file.')
  }
  const pointer = pointerIn(text)
  if (pointer !== null) return refuse(0, `is a ${pointer} pointer, not the manifest`, 'Commit the manifest itself.')
  const unseen = unseenCharacters(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text)[0]
  if (unseen !== undefined) return refuse(unseen.offset, `holds ${unseen.what}`, 'Delete the character.', true)
  const separator = BAD_SEPARATOR.exec(text)
  if (separator !== null) {
    const what = 'goes on after "---", where some readers begin a document and others do not'
    return refuse(separator.index, what, 'Give "---" a line of its own, and no line three dashes to begin with.')
  }
  const end = DOCUMENT_END.exec(text)
  if (end !== null && text.slice(end.index + 3).trim() !== '') {
    return refuse(end.index, 'goes on after "...", where some readers stop', 'Part documents by "---" alone.')
  }
  return readDocuments(text, lines, refuse)
}

type Refuse = (offset: number, what: string, mend: string) => ManifestReading

function readDocuments(text: string, lines: PlaceIndex, refuse: Refuse): ManifestReading {
  try {
    const documents = yamlDocuments(text)
    const parts = documents.flatMap(({ root, hasDirectives }, index) => {
      const source = text.slice(index === 0 ? 0 : root.start, documents[index + 1]?.root.start ?? text.length)
      return expandLists(root, []).map((part) => ({ ...part, source, hasDirectives }))
    })
    if (parts.length > MAX_DOCUMENTS) {
      return refuse(0, `holds ${parts.length} objects; ${MAX_DOCUMENTS} are read at most`, 'Split the file.')
    }
    const budget = newBudget()
    return { ok: true, manifests: parts.map((part) => manifestOf({ ...part, budget }, lines)) }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    return unreadable(text, error, refuse)
  }
}

function unreadable(text: string, error: YAMLException, refuse: Refuse): ManifestReading {
  const offset = error.mark?.position ?? 0
  if (text.includes('{{')) {
    return refuse(
      offset,
      'is a Helm template, which says nothing until it is rendered',
      'Commit the rendered manifest.',
    )
  }
  if (error.reason.startsWith('nesting exceeded')) {
    return refuse(offset, 'is nested deeper than 64 levels', 'Write the manifest flatter.')
  }
  return refuse(offset, `cannot be read as YAML: ${cut(error.reason)}`, 'Check indentation, quotes and brackets here.')
}

interface Part {
  readonly root: YamlNode
  readonly above: readonly YamlNode[]
}
interface WholePart extends Part {
  readonly source: string
  readonly hasDirectives: boolean
  readonly budget: Budget
}

/** Members of `kind: List` and of typed lists, however deep; empty documents vanish. */
function expandLists(root: YamlNode, above: readonly YamlNode[]): readonly Part[] {
  if (root.type === 'scalar' && root.text === '' && root.plain) return []
  if (root.type !== 'mapping') return [{ root, above }]
  const items = entryOf(root, 'items')
  const kind = entryOf(root, 'kind')
  const isList = kind?.type === 'scalar' && kind.text.endsWith('List') && items?.type === 'sequence'
  if (!isList || containerOddity(root, []) !== null) return [{ root, above }]
  return items.items.flatMap((item) => expandLists(item, [...above, root, items]))
}

function entryOf(node: MappingNode, name: string): YamlNode | undefined {
  return node.entries.find(({ key }) => key.type === 'scalar' && key.text === name)?.value
}

/** What an object is called by; anything longer or stranger is no object of the cluster. */
const IDENTITY = [
  { path: ['apiVersion'], pattern: /^([a-z0-9.-]{1,253}\/)?[a-z0-9]{1,63}$/ },
  { path: ['kind'], pattern: /^[A-Za-z][A-Za-z0-9]{0,62}$/ },
  { path: ['metadata', 'name'], pattern: /^[^\s/%\p{C}]{1,253}$/u },
  { path: ['metadata', 'namespace'], pattern: /^[a-z0-9-]{1,63}$/ },
]

function checked(field: Field, { path, pattern }: (typeof IDENTITY)[number]): Field {
  if (field.is !== 'text' || pattern.test(field.text)) return field
  const because = `${path.join('.')} is ${shown(field.text)}, which the cluster does not take`
  return { is: 'unclear', because, offset: field.offset }
}

function manifestOf(part: WholePart, lines: PlaceIndex): Manifest {
  const { root, above } = part
  const field = (path: DocumentPath) => readField(root, path, above)
  const { value, unclear } = meaning(part, lines)
  const identity = IDENTITY.map((part) => checked(field(part.path), part))
  const odd = identity.find((read) => read.is === 'unclear')
  const [apiVersion = null, kind = null, name = null, namespace = null] = identity.map((read) =>
    read.is === 'text' ? read.text : null,
  )
  return {
    place: lines(root.start),
    source: part.source,
    unclear: unclear ?? (odd === undefined ? null : { because: odd.because, place: lines(odd.offset) }),
    ...{ apiVersion, kind, name, namespace, value, field },
    placeOf: (path) => lines(offsetOf(root, path)),
  }
}

function meaning({ root, budget, hasDirectives }: WholePart, lines: PlaceIndex): Pick<Manifest, 'value' | 'unclear'> {
  const unclear = (because: string, offset: number) => ({ because, place: lines(offset) })
  try {
    const value = yamlValue(root, budget)
    if (hasDirectives) return { value, unclear: unclear('holds a % directive', root.start) }
    if (root.type === 'mapping') return { value, unclear: null }
    return { value, unclear: unclear(`is ${shownKind(root)}, not an object of the cluster`, root.start) }
  } catch (error) {
    if (!(error instanceof Unclear)) throw error
    return { value: null, unclear: unclear(error.message, error.offset) }
  }
}

function shownKind(root: YamlNode): string {
  if (root.type === 'scalar') return `the text ${shown(root.text.slice(0, 60))}`
  return root.type === 'alias' ? 'an alias' : 'a list'
}

function offsetOf(root: YamlNode, path: DocumentPath): number {
  let node = root
  let offset = root.start
  for (const step of path) {
    if (node.type === 'alias' && node.target !== null) node = node.target
    const entry =
      node.type === 'mapping' ? node.entries.find(({ key }) => key.type === 'scalar' && key.text === step) : undefined
    const next: YamlNode | undefined = node.type === 'sequence' ? node.items[Number(step)] : entry?.value
    if (next === undefined) return offset
    offset = entry?.key.start ?? next.start
    node = next
  }
  return offset
}
