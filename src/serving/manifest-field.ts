import { type DocumentPath, printDotted } from '../registry/dotted-path.ts'
import { shown } from './shown.ts'
import type { MappingNode, ScalarNode, YamlNode } from './yaml-node.ts'
import { notText } from './yaml-scalar.ts'
import { isMergeKey } from './yaml-value.ts'

/** What stands at a field that decides what is served. */
export type Field =
  | { readonly is: 'absent'; readonly offset: number }
  | { readonly is: 'text'; readonly text: string; readonly offset: number }
  | { readonly is: 'unclear'; readonly because: string; readonly offset: number }

/**
 * Reads a field that every reader must read alike.
 *
 * Walks from the top; on the way no mapping may be anchored, aliased, tagged, merged or hold a key twice, and the
 * value must be text on one line for YAML 1.1 and 1.2 both.
 *
 * @param above  nodes around the document: the `List` that it is an item of
 */
export function readField(root: YamlNode, path: DocumentPath, above: readonly YamlNode[] = []): Field {
  for (const node of above) {
    const oddity = containerOddity(node, [])
    if (oddity !== null) return { is: 'unclear', because: oddity, offset: node.start }
  }
  let node = root
  for (const [index, step] of path.entries()) {
    const oddity = containerOddity(node, path.slice(0, index))
    if (oddity !== null) return { is: 'unclear', because: oddity, offset: node.start }
    const child = childOf(node, step)
    if (child === undefined) return absence(node, path.slice(0, index))
    node = child
  }
  return leaf(node, path)
}

function childOf(node: YamlNode, step: string | number): YamlNode | undefined {
  if (node.type === 'sequence') return typeof step === 'number' ? node.items[step] : undefined
  if (node.type !== 'mapping') return undefined
  return node.entries.find(({ key }) => key.type === 'scalar' && key.text === step)?.value
}

function absence(node: YamlNode, path: DocumentPath): Field {
  if (node.type !== 'scalar' || isNull(node)) {
    return { is: 'absent', offset: node.start }
  }
  return { is: 'unclear', because: `${called(path)} is text where a mapping belongs`, offset: node.start }
}

function isNull(node: ScalarNode): boolean {
  return node.plain && /^(~|null|)$/i.test(node.text)
}

/** Why what stands below cannot be trusted to be what readers find there. */
export function containerOddity(node: YamlNode, path: DocumentPath): string | null {
  const own = decorated(node, path)
  if (own !== null || node.type !== 'mapping') return own
  return (
    node.entries.map(({ key }) => keyOddity(key, path)).find((oddity) => oddity !== null) ?? repeatedKey(node, path)
  )
}

function decorated(node: YamlNode, path: DocumentPath): string | null {
  if (node.type === 'alias') return `${called(path)} is an alias of ${shown(node.name)}`
  if (node.anchored) return `${called(path)} bears an anchor (&), so that other places share it`
  return node.tag === null ? null : `${called(path)} bears the tag ${shown(node.tag)}`
}

function keyOddity(key: YamlNode, path: DocumentPath): string | null {
  if (isMergeKey(key))
    return `${called(path)} holds a merge key (<<), which YAML 1.1 readers merge and YAML 1.2 readers do not`
  const isPlainText = key.type === 'scalar' && !key.anchored && key.tag === null && !key.multiline
  return isPlainText ? null : `${called(path)} holds a key that is not plain text`
}

function repeatedKey(node: MappingNode, path: DocumentPath): string | null {
  const seen = new Set<string>()
  for (const { key } of node.entries) {
    const text = (key as ScalarNode).text
    if (seen.has(text)) return `${called(path)} holds the key ${shown(text)} twice`
    seen.add(text)
  }
  return null
}

function leaf(node: YamlNode, path: DocumentPath): Field {
  const offset = node.start
  const unclear = (because: string): Field => ({ is: 'unclear', because, offset })
  const own = decorated(node, path)
  if (own !== null) return unclear(own)
  if (node.type !== 'scalar') return unclear(`${called(path)} is no text`)
  if (isNull(node)) return { is: 'absent', offset }
  if (node.multiline) return unclear(`${called(path)} is written over several lines`)
  const other = node.plain ? notText(node.text) : null
  if (other !== null)
    return unclear(`${called(path)} is ${shown(node.text)} without quotes, which YAML reads as ${other}; quote it`)
  return { is: 'text', text: node.text, offset }
}

function called(path: DocumentPath): string {
  return path.length === 0 ? 'the document' : printDotted(path)
}
