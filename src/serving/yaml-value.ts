import { shown } from './shown.ts'
import type { MappingNode, ScalarNode, YamlNode } from './yaml-node.ts'
import { plainValue } from './yaml-scalar.ts'

export type YamlValue = null | boolean | number | string | readonly YamlValue[] | YamlObject
/** Has no prototype: a key `__proto__` is a key like any other. */
export interface YamlObject {
  readonly [key: string]: YamlValue
}

/** A document that cannot be given one meaning, and where. */
export class Unclear extends Error {
  readonly offset: number
  constructor(because: string, offset: number) {
    super(because)
    this.name = 'Unclear'
    this.offset = offset
  }
}

const MAX_NODES = 50_000
const MAX_DEPTH = 128

/**
 * What a document means to the cluster: aliases expanded, merge keys merged.
 *
 * YAML 1.1 readers merge `<<`, this library's default does not; the cluster's do, so its meaning counts.
 * A plain word that readers of 1.1 and 1.2 take differently (`010`, `yes`, `1:30`) stays the text that was written.
 *
 * @returns plain data without prototypes; never NaN or Infinity
 * @throws {Unclear} for duplicate keys, keys that are not text, tagged collections, unknown or circular aliases,
 * and more than 50,000 values once aliases are expanded
 */
export function yamlValue(root: YamlNode, budget: Budget = newBudget()): YamlValue {
  return expanded(root, { ...budget, inside: new Set() })
}

/** One for all documents of a file: a thousand small bombs are one large one. */
export interface Budget {
  readonly spent: { nodes: number }
  /** Meanings of plain words already met. */
  readonly words: Map<string, YamlValue>
}

/** A budget of which nothing is spent. */
export function newBudget(): Budget {
  return { spent: { nodes: 0 }, words: new Map() }
}

interface Walk extends Budget {
  /** Collections that are being expanded: an alias to one of them would never end. */
  readonly inside: Set<YamlNode>
}

function expanded(node: YamlNode, budget: Walk): YamlValue {
  if (++budget.spent.nodes > MAX_NODES) {
    throw new Unclear(
      `holds more than ${MAX_NODES.toLocaleString('en')} values once its aliases are expanded`,
      node.start,
    )
  }
  if (node.type === 'scalar') return scalarValue(node, budget)
  if (node.type === 'alias') return aliasValue(node, budget)
  if (node.tag !== null) throw new Unclear(`holds the tag ${shown(node.tag)}`, node.start)
  if (budget.inside.has(node)) throw new Unclear('holds an alias of what it stands in', node.start)
  if (budget.inside.size >= MAX_DEPTH)
    throw new Unclear(`is nested deeper than ${MAX_DEPTH} levels once its aliases are expanded`, node.start)
  budget.inside.add(node)
  const value = node.type === 'sequence' ? node.items.map((item) => expanded(item, budget)) : objectOf(node, budget)
  budget.inside.delete(node)
  return value
}

function aliasValue(node: Extract<YamlNode, { type: 'alias' }>, budget: Walk): YamlValue {
  if (node.target === null)
    throw new Unclear(`holds the alias ${shown(node.name)}, which nothing before it defines`, node.start)
  return expanded(node.target, budget)
}

function objectOf(node: MappingNode, budget: Walk): YamlObject {
  const own: Record<string, YamlValue> = Object.create(null)
  let merged: YamlObject = Object.create(null)
  for (const { key, value } of node.entries) {
    const name = keyText(key)
    if (isMergeKey(key)) merged = mergedOf(expanded(value, budget), value.start)
    else if (Object.hasOwn(own, name)) throw new Unclear(`holds the key ${shown(name)} twice`, key.start)
    else own[name] = expanded(value, budget)
  }
  if (node.entries.filter(({ key }) => isMergeKey(key)).length > 1) {
    throw new Unclear('holds the key "<<" twice', node.start)
  }
  return Object.assign(Object.create(null), merged, own)
}

/** The first of a list of mappings wins, as in https://yaml.org/type/merge.html. */
function mergedOf(value: YamlValue, offset: number): YamlObject {
  const sources = Array.isArray(value) ? (value as readonly YamlValue[]) : [value]
  if (!sources.every(isObject)) throw new Unclear('merges something that is not a mapping', offset)
  const merged = Object.create(null)
  for (const source of [...sources].reverse()) Object.assign(merged, source)
  return merged
}

/** `<<`, written plain: quoted, it is a key like any other. */
export function isMergeKey(key: YamlNode): boolean {
  return key.type === 'scalar' && key.plain && key.text === '<<'
}

function keyText(key: YamlNode): string {
  if (key.type === 'scalar' && key.tag === null) return key.text
  throw new Unclear('holds a key that is not plain text', key.start)
}

function scalarValue(node: ScalarNode, { words }: Walk): YamlValue {
  if (node.tag !== null) return `${node.tag} ${node.text}`
  if (!node.plain) return node.text
  const known = words.get(node.text)
  if (known !== undefined) return known
  const value = plainValue(node.text)
  words.set(node.text, value)
  return value
}

/** Whether a value is a mapping. */
export function isObject(value: YamlValue | undefined): value is YamlObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path, undefined where there is none. */
export function valueAt(value: YamlValue, path: readonly (string | number)[]): YamlValue | undefined {
  let here: YamlValue | undefined = value
  for (const step of path) {
    if (Array.isArray(here)) here = typeof step === 'number' ? here[step] : undefined
    else here = isObject(here) && Object.hasOwn(here, step) ? here[step] : undefined
  }
  return here
}
