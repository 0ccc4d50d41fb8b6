import { COLLECTION_STYLE, type Event, parseEvents, SCALAR_STYLE } from 'js-yaml'

/** Where a node of a document stands: from its first character up to, not including, `end`. */
export type YamlSpan = ScalarSpan | MappingSpan | SequenceSpan

interface Span {
  readonly start: number
  readonly end: number
  /** Written in brackets or braces. */
  readonly isFlow: boolean
}
export interface ScalarSpan extends Span {
  readonly type: 'scalar'
}
export interface MappingSpan extends Span {
  readonly type: 'mapping'
  readonly entries: readonly { readonly key: ScalarSpan; readonly value: YamlSpan }[]
}
export interface SequenceSpan extends Span {
  readonly type: 'sequence'
  readonly items: readonly YamlSpan[]
}

const MAX_DEPTH = 64

/**
 * The spans of the first document of a text that `readYaml` took: plain keys, no aliases, no tags.
 *
 * A value that is not written is an empty span after its key. The span of a block collection ends with its last child,
 * that of one in brackets after the closing one.
 *
 * @returns null for anything but a mapping
 * @throws {YAMLException} for text that is no YAML
 * @example yamlSpans('a: {b: 1}')?.entries[0]?.value // => { type: 'mapping', start: 3, end: 9, isFlow: true, entries: [{ key: { type: 'scalar', start: 4, end: 5, isFlow: false }, value: { type: 'scalar', start: 7, end: 8, isFlow: false } }] }
 */
export function yamlSpans(text: string): MappingSpan | null {
  const walk: Walk = { text, events: parseEvents(text, { maxDepth: MAX_DEPTH }), next: 1, offset: 0 }
  const root = readSpan(walk)
  return root?.type === 'mapping' ? root : null
}

interface Walk {
  readonly text: string
  readonly events: readonly Event[]
  next: number
  /** Where the last span ended. */
  offset: number
}

function readSpan(walk: Walk): YamlSpan | null {
  const event = walk.events[walk.next++]
  if (event?.type === 4) return readScalar(walk, event)
  if (event?.type === 3) return readMapping(walk, event)
  return event?.type === 2 ? readSequence(walk, event) : null
}

function readScalar(walk: Walk, { style, valueStart, valueEnd }: Extract<Event, { type: 4 }>): ScalarSpan {
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
  const quote = isQuoted ? 1 : 0
  const start = valueStart < 0 ? walk.offset : valueStart - quote
  walk.offset = valueStart < 0 ? walk.offset : valueEnd + quote
  return { type: 'scalar', start, end: walk.offset, isFlow: false }
}

function readMapping(walk: Walk, event: Extract<Event, { type: 3 }>): MappingSpan {
  const entries: { key: ScalarSpan; value: YamlSpan }[] = []
  const isFlow = begin(walk, event)
  while (walk.events[walk.next]?.type !== 6) {
    const key = readSpan(walk)
    const value = readSpan(walk)
    if (key?.type === 'scalar' && value !== null) entries.push({ key, value })
  }
  return { type: 'mapping', start: event.start, end: ended(walk, isFlow), isFlow, entries }
}

function readSequence(walk: Walk, event: Extract<Event, { type: 2 }>): SequenceSpan {
  const items: YamlSpan[] = []
  const isFlow = begin(walk, event)
  while (walk.events[walk.next]?.type !== 6) {
    const item = readSpan(walk)
    if (item !== null) items.push(item)
  }
  return { type: 'sequence', start: event.start, end: ended(walk, isFlow), isFlow, items }
}

function begin(walk: Walk, { start, style }: Extract<Event, { type: 2 | 3 }>): boolean {
  walk.offset = start + 1
  return style === COLLECTION_STYLE.FLOW
}

/** Between the last child and the bracket stand only white space, comments, commas and the colon of an empty value. */
function ended(walk: Walk, isFlow: boolean): number {
  walk.next++
  if (!isFlow) return walk.offset
  const rest = /(?:[\s,:?]|#[^\n]*)*[\]}]/y
  rest.lastIndex = walk.offset
  walk.offset += rest.exec(walk.text)?.[0].length ?? 0
  return walk.offset
}
