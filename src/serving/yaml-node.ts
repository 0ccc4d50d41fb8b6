import { type Event, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml'

/** What stands where in a document of other people's YAML; nothing is resolved or merged here. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode

interface Decoration {
  /** Offset in the text. */
  readonly start: number
  readonly anchored: boolean
  readonly tag: string | null
}
export interface ScalarNode extends Decoration {
  readonly type: 'scalar'
  readonly text: string
  readonly plain: boolean
  readonly multiline: boolean
}
export interface SequenceNode extends Decoration {
  readonly type: 'sequence'
  readonly items: readonly YamlNode[]
}
export interface MappingNode extends Decoration {
  readonly type: 'mapping'
  readonly entries: readonly { readonly key: YamlNode; readonly value: YamlNode }[]
}
/** `target` is null when nothing of that name stands before it. */
export interface AliasNode extends Decoration {
  readonly type: 'alias'
  readonly name: string
  readonly target: YamlNode | null
}

export interface YamlText {
  readonly root: YamlNode
  readonly hasDirectives: boolean
}

export const MAX_DEPTH = 64

/**
 * All documents of a YAML or JSON text as trees with offsets.
 *
 * @returns one tree a document, in order; empty documents hold an empty scalar
 * @throws {YAMLException} with `mark.line` and `mark.column` (0-based), also for nesting deeper than 64
 */
export function yamlDocuments(text: string): readonly YamlText[] {
  const events = parseEvents(text, { maxDepth: MAX_DEPTH })
  const documents: YamlText[] = []
  const cursor: Cursor = { text, events, next: 0, offset: 0, anchors: new Map() }
  while (cursor.next < events.length) {
    const event = events[cursor.next++]!
    if (event.type !== 1) continue
    cursor.anchors.clear()
    documents.push({ root: readNode(cursor), hasDirectives: event.directives.length > 0 })
    cursor.next++
  }
  return documents
}

interface Cursor {
  readonly text: string
  readonly events: readonly Event[]
  next: number
  /** Where the last thing with a place stood: an empty value has none of its own. */
  offset: number
  readonly anchors: Map<string, YamlNode>
}

type Open<Kind extends 2 | 3 | 4> = Extract<Event, { type: Kind }>

function readNode(cursor: Cursor): YamlNode {
  const event = cursor.events[cursor.next++]
  if (event?.type === 2) return readSequence(cursor, event)
  if (event?.type === 3) return readMapping(cursor, event)
  if (event?.type === 4) return readScalar(cursor, event)
  if (event?.type !== 5) throw new RangeError('a YAML document without a node')
  const name = cursor.text.slice(event.anchorStart, event.anchorEnd)
  cursor.offset = event.anchorStart - 1
  const target = cursor.anchors.get(name) ?? null
  return { type: 'alias', name, target, start: cursor.offset, anchored: false, tag: null }
}

function readScalar(cursor: Cursor, event: Open<4>): ScalarNode {
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
  if (event.valueStart >= 0) cursor.offset = event.valueStart - (quoted ? 1 : 0)
  const raw = event.valueStart < 0 ? '' : cursor.text.slice(event.valueStart, event.valueEnd)
  const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK
  const node: ScalarNode = {
    type: 'scalar',
    text: event.valueStart < 0 ? '' : getScalarValue(cursor.text, event),
    plain: event.style === SCALAR_STYLE.PLAIN,
    multiline: isBlock || /[\r\n]/.test(raw),
    ...decoration(cursor, event),
  }
  return remember(cursor, event, node)
}

function readSequence(cursor: Cursor, event: Open<2>): SequenceNode {
  const items: YamlNode[] = []
  cursor.offset = event.start
  const node: SequenceNode = remember(cursor, event, { type: 'sequence', items, ...decoration(cursor, event) })
  while (cursor.events[cursor.next]?.type !== 6) items.push(readNode(cursor))
  cursor.next++
  return node
}

function readMapping(cursor: Cursor, event: Open<3>): MappingNode {
  const entries: { key: YamlNode; value: YamlNode }[] = []
  cursor.offset = event.start
  const node: MappingNode = remember(cursor, event, { type: 'mapping', entries, ...decoration(cursor, event) })
  while (cursor.events[cursor.next]?.type !== 6) {
    const key = readNode(cursor)
    entries.push({ key, value: readNode(cursor) })
  }
  cursor.next++
  return node
}

function decoration(cursor: Cursor, event: Open<2 | 3 | 4>): Decoration {
  const tag = event.tagStart < 0 ? null : cursor.text.slice(event.tagStart, event.tagEnd)
  return { start: cursor.offset, anchored: event.anchorStart >= 0, tag }
}

function remember<Node extends YamlNode>(cursor: Cursor, event: Open<2 | 3 | 4>, node: Node): Node {
  if (event.anchorStart >= 0) cursor.anchors.set(cursor.text.slice(event.anchorStart, event.anchorEnd), node)
  return node
}
