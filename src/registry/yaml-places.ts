import { EVENT_ID, type Event, getScalarValue } from 'js-yaml'
import type { DocumentPath } from './dotted-path.ts'
import { offsetOf } from './yaml-hostility.ts'

interface Node {
  readonly key: number
  readonly value: number
  readonly children: Map<string | number, Node>
}

/**
 * Offsets of keys and values in a text, found by path.
 *
 * @returns for a path that is absent, the key of its nearest ancestor; for the document itself, its first character
 */
export function placesIn(
  text: string,
  events: readonly Event[],
): (path: DocumentPath, part: 'value' | 'key') => number {
  const root = treeOf(text, events)
  return (path, part) => {
    let node = root
    for (const step of path) {
      const child = node.children.get(step)
      if (child === undefined) return node.key
      node = child
    }
    return part === 'key' ? node.key : node.value
  }
}

/** A collection being read: where its next child hangs. */
interface Open {
  readonly node: Node
  readonly isMapping: boolean
  index: number
  key: { readonly name: string; readonly offset: number } | null
}

function treeOf(text: string, events: readonly Event[]): Node {
  const root: Node = { key: 0, value: 0, children: new Map() }
  const open: Open[] = []
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) open.push({ node: root, isMapping: false, index: 0, key: null })
    else if (event.type === EVENT_ID.POP) open.pop()
    else place(text, open, event)
  }
  return [...root.children.values()][0] ?? root
}

function place(text: string, open: Open[], event: Exclude<Event, { type: 1 } | { type: 6 }>): void {
  const parent = open.at(-1)
  if (parent === undefined) return
  if (parent.isMapping && parent.key === null && event.type === EVENT_ID.SCALAR) {
    parent.key = { name: getScalarValue(text, event), offset: offsetOf(event) }
    return
  }
  const isAbsent = event.type === EVENT_ID.SCALAR && event.valueStart === -1
  const value = isAbsent ? (parent.key?.offset ?? parent.node.value) : offsetOf(event)
  const node: Node = { key: parent.key?.offset ?? value, value, children: new Map() }
  parent.node.children.set(parent.isMapping ? (parent.key?.name ?? '') : parent.index++, node)
  parent.key = null
  if (event.type === EVENT_ID.MAPPING) open.push({ node, isMapping: true, index: 0, key: null })
  if (event.type === EVENT_ID.SEQUENCE) open.push({ node, isMapping: false, index: 0, key: null })
}
