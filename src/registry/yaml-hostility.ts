import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import { unseenCharacters } from './source-text.ts'

export const MAX_DEPTH = 32
export const TOO_DEEP = `is nested deeper than ${MAX_DEPTH} levels`
const MAX_NODES = 10_000
const MAX_FAULTS = 50
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype'])
/** 8 in YAML 1.1 and 10 in YAML 1.2, or text in one and a number in the other. */
const READ_DIFFERENTLY = /^[-+]?0(\d|o[0-7]|b[01])/

export interface Fault {
  readonly offset: number
  readonly what: string
  readonly mend: string
}

/** What one open collection expects next; `keys` is null in sequences. */
interface Frame {
  readonly keys: Set<string> | null
  awaitsKey: boolean
}

/**
 * Everything in a parsed text that parsers disagree on or that makes it larger or other than it looks.
 *
 * @param events  of js-yaml's parseEvents for exactly this text
 * @returns up to 50 faults in the order of the text
 */
export function hostilities(text: string, events: readonly Event[]): readonly Fault[] {
  const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT)
  if (documents.length === 0) return [{ offset: 0, what: 'is empty', mend: 'Write the keys that this file needs.' }]
  const faults: Fault[] = []
  const walk: Walk = { text, frames: [], documents: 0, nodes: 0, add: (...fault) => faults.push(faultOf(...fault)) }
  if (documents.some((document) => document.directives.length > 0)) {
    walk.add(
      Math.max(0, text.search(/^%/m)),
      'holds a % directive',
      'Delete it: files of ours are YAML 1.2 without tags.',
    )
  }
  for (const event of events) {
    visit(walk, event)
    if (walk.nodes > MAX_NODES) {
      walk.add(offsetOf(event), `holds more than ${MAX_NODES} values`, 'Split it, or move what is not ours elsewhere.')
      break
    }
    if (faults.length >= MAX_FAULTS) break
  }
  return faults
}

interface Walk {
  readonly text: string
  readonly frames: Frame[]
  documents: number
  nodes: number
  add(offset: number, what: string, mend: string): void
}

function faultOf(offset: number, what: string, mend: string): Fault {
  return { offset, what, mend }
}

/** Where an event's text begins; quoted text begins at its quote. */
export function offsetOf(event: Event): number {
  if (event.type === EVENT_ID.ALIAS) return Math.max(0, event.anchorStart - 1)
  if (event.type === EVENT_ID.SCALAR) {
    const isQuoted = event.style === SCALAR_STYLE.DOUBLE_QUOTED || event.style === SCALAR_STYLE.SINGLE_QUOTED
    return Math.max(0, event.valueStart - (isQuoted ? 1 : 0))
  }
  return event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING ? event.start : 0
}

function visit(walk: Walk, event: Event): void {
  if (event.type === EVENT_ID.DOCUMENT) {
    walk.documents++
    walk.frames.push({ keys: null, awaitsKey: false })
    return
  }
  if (event.type === EVENT_ID.POP) {
    walk.frames.pop()
    return
  }
  if (walk.documents === 2) {
    walk.documents++
    walk.add(offsetOf(event), 'a second document begins here', 'Keep one document in this file.')
  }
  walk.nodes++
  visitNode(walk, event)
}

type NodeEvent = Exclude<Event, { type: 1 } | { type: 6 }>

function visitNode(walk: Walk, event: NodeEvent): void {
  const frame = walk.frames.at(-1)
  const isKey = frame?.keys !== null && frame?.awaitsKey === true
  if (frame !== undefined && frame.keys !== null) frame.awaitsKey = !frame.awaitsKey
  refuseReferences(walk, event)
  if (event.type === EVENT_ID.SCALAR) {
    const value = getScalarValue(walk.text, event)
    if (isKey) visitKey(walk, frame!.keys!, event, value)
    else visitValue(walk, event, value)
    return
  }
  if (isKey) walk.add(offsetOf(event), 'a key must be plain text', 'Write the key as one word.')
  if (event.type === EVENT_ID.SEQUENCE) walk.frames.push({ keys: null, awaitsKey: false })
  if (event.type === EVENT_ID.MAPPING) walk.frames.push({ keys: new Set(), awaitsKey: true })
  if (walk.frames.length === MAX_DEPTH + 2) walk.add(offsetOf(event), TOO_DEEP, 'Write it flatter.')
}

function refuseReferences(walk: Walk, event: NodeEvent): void {
  if (event.type === EVENT_ID.ALIAS) {
    walk.add(offsetOf(event), 'holds an alias (*)', 'Write the value out: aliases hide what a line says.')
    return
  }
  if (event.anchorStart !== -1) {
    walk.add(event.anchorStart - 1, 'holds an anchor (&)', 'Delete the anchor and write each value out.')
  }
  if (event.tagStart !== -1) walk.add(event.tagStart, 'holds a tag (!)', 'Delete the tag and write the plain value.')
}

type ScalarEvent = Extract<Event, { type: 4 }>

function visitKey(walk: Walk, keys: Set<string>, event: ScalarEvent, key: string): void {
  const offset = offsetOf(event)
  if (key === '<<' && event.style === SCALAR_STYLE.PLAIN) {
    walk.add(offset, 'holds a merge key (<<), which only some parsers obey', 'Write the merged keys out.')
  }
  if (PROTOTYPE_KEYS.has(key)) walk.add(offset, `${key} cannot be a key`, 'Choose another name.')
  if (keys.has(key))
    walk.add(offset, `the key ${key === '' ? '""' : short(key)} stands here a second time`, 'Keep one of them.')
  keys.add(key)
  refuseUnseen(walk, event, key)
}

function visitValue(walk: Walk, event: ScalarEvent, value: string): void {
  if (event.style === SCALAR_STYLE.PLAIN && READ_DIFFERENTLY.test(value) && isNumberSomewhere(value)) {
    walk.add(
      offsetOf(event),
      `${short(value)} is another number in YAML 1.1 than in YAML 1.2`,
      'Write it without the leading zero, or in quotes if it is text.',
    )
  }
  refuseUnseen(walk, event, value)
}

function isNumberSomewhere(value: string): boolean {
  return /^[-+]?0[\d_]+$|^[-+]?0o[0-7]+$|^[-+]?0b[01_]+$/.test(value)
}

/** Escapes such as "\u202e" are not seen in the text, only in what it says. */
function refuseUnseen(walk: Walk, event: ScalarEvent, value: string): void {
  if (event.style !== SCALAR_STYLE.DOUBLE_QUOTED || event.fast) return
  for (const { what } of unseenCharacters(value)) {
    walk.add(offsetOf(event), `holds ${what}, written as an escape`, 'Delete the escape.')
  }
}

function short(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`
}
