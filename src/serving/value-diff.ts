import { type DocumentPath, printDotted } from '../registry/dotted-path.ts'
import { cut, shown, shownApart } from './shown.ts'
import { isObject, type YamlObject, type YamlValue } from './yaml-value.ts'

/** A field that differs, both values cut to 200 characters. */
export interface FieldChange {
  readonly field: string
  readonly from: string
  readonly to: string
}

const MOST = 50

/**
 * Every leaf in which two values differ.
 *
 * Lists of named things (containers, variables, volumes) are compared by name, so that an entry put first is one
 * change; their order counts too, since some lists are obeyed in order.
 *
 * @returns 50 at most; the last then says how many more there are
 */
export function diffValues(from: YamlValue, to: YamlValue): readonly FieldChange[] {
  const found: FieldChange[] = []
  compare(from, to, [], { add: (change) => found.push(change) })
  if (found.length <= MOST) return found
  const more = found.length - (MOST - 1)
  return [...found.slice(0, MOST - 1), { field: `and ${more} more fields`, from: '', to: '' }]
}

interface Walk {
  add(change: FieldChange): void
}
type Maybe = YamlValue | undefined

function compare(from: Maybe, to: Maybe, path: DocumentPath, walk: Walk): void {
  if (isContainer(from) && isContainer(to) && Array.isArray(from) === Array.isArray(to)) {
    compareMembers(from, to, path, walk)
  } else if (from === undefined && isContainer(to) && size(to) > 0) {
    compareMembers(emptyOf(to), to, path, walk)
  } else if (to === undefined && isContainer(from) && size(from) > 0) {
    compareMembers(from, emptyOf(from), path, walk)
  } else if (JSON.stringify(from) !== JSON.stringify(to)) {
    walk.add({ field: cut(printDotted(path)), ...shownApart(from, to) })
  }
}

function compareMembers(from: Container, to: Container, path: DocumentPath, walk: Walk): void {
  if (!Array.isArray(from) || !Array.isArray(to)) {
    compareEntries(from as YamlObject, to as YamlObject, (key) => [...path, key], walk)
    return
  }
  const [a, b] = [byName(from), byName(to)]
  if (a === null || b === null) {
    compareEntries(byIndex(from), byIndex(to), (key) => [...path, Number(key)], walk)
    return
  }
  compareEntries(a, b, (key) => [...path, key], walk)
  compareOrder(from.map(nameOf), to.map(nameOf), path, walk)
}

function compareEntries(from: YamlObject, to: YamlObject, at: (key: string) => DocumentPath, walk: Walk): void {
  const keys = [...Object.keys(from), ...Object.keys(to).filter((key) => !Object.hasOwn(from, key))]
  for (const key of keys) {
    compare(
      Object.hasOwn(from, key) ? from[key] : undefined,
      Object.hasOwn(to, key) ? to[key] : undefined,
      at(key),
      walk,
    )
  }
}

type Names = readonly (string | null)[]

function compareOrder(from: Names, to: Names, path: DocumentPath, walk: Walk): void {
  const [before, after] = [new Set(from), new Set(to)]
  const [a, b] = [from.filter((name) => after.has(name)), to.filter((name) => before.has(name))]
  if (JSON.stringify(a) === JSON.stringify(b)) return
  walk.add({ field: cut(`order of ${printDotted(path)}`), from: shown(a), to: shown(b) })
}

type Container = readonly YamlValue[] | YamlObject

function isContainer(value: Maybe): value is Container {
  return typeof value === 'object' && value !== null
}

function size(value: Container): number {
  return Object.keys(value).length
}

function emptyOf(value: Container): Container {
  return Array.isArray(value) ? [] : Object.create(null)
}

function byIndex(list: readonly YamlValue[]): YamlObject {
  return Object.fromEntries(list.entries())
}

/** The members by their `name`; null when one has none or two share one. */
function byName(list: readonly YamlValue[]): YamlObject | null {
  const named: Record<string, YamlValue> = Object.create(null)
  for (const item of list) {
    const name = nameOf(item)
    if (name === null || Object.hasOwn(named, name)) return null
    named[name] = item
  }
  return named
}

function nameOf(item: YamlValue): string | null {
  return isObject(item) && typeof item.name === 'string' ? item.name : null
}

/** The value with what stands at a path replaced; unchanged where the path does not exist. */
export function replacedAt(value: YamlValue, path: DocumentPath, by: YamlValue): YamlValue {
  const [step, ...rest] = path
  if (step === undefined) return by
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? replacedAt(item, rest, by) : item))
  if (!isObject(value) || !Object.hasOwn(value, step)) return value
  return Object.assign(Object.create(null), value, { [step]: replacedAt(value[step]!, rest, by) })
}
