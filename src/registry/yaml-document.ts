import { constructFromEvents, type Event, parseEvents, YAMLException } from 'js-yaml'
import type { DocumentPath } from './dotted-path.ts'
import type { Mistake, Place } from './mistake.ts'
import { lineAndColumn, textMistakes } from './source-text.ts'
import { type Fault, hostilities, MAX_DEPTH, TOO_DEEP } from './yaml-hostility.ts'
import { placesIn } from './yaml-places.ts'

/** A document of plain values: mappings, lists, text, finite or infinite numbers, true, false, null. */
export interface YamlDocument {
  readonly value: unknown
  /** Where the value of a path stands, or its key; what is absent stands where its nearest ancestor's key does. */
  place(path: DocumentPath, part?: 'value' | 'key'): Place
}

export type YamlReading =
  | { readonly ok: true; readonly document: YamlDocument }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/**
 * One YAML document that every parser reads alike, or each reason why it is refused.
 *
 * YAML 1.2 core schema without anchors, aliases, tags, merge keys, directives, repeated or complex keys, keys that
 * name parts of a JavaScript prototype, and numbers that YAML 1.1 reads differently. Never a partial load. Places are
 * only computed when somebody asks.
 */
export function readYaml(path: string, text: string): YamlReading {
  const unfit = textMistakes(path, text)
  if (unfit.length > 0) return { ok: false, mistakes: unfit }
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH + 3 })
    const hostile = hostilities(text, events)
    if (hostile.length > 0) return refuse(path, text, hostile)
    return { ok: true, document: documentOf(path, text, events) }
  } catch (error) {
    if (error instanceof YAMLException) return refuse(path, text, [unreadable(error)])
    throw error
  }
}

function documentOf(path: string, text: string, events: readonly Event[]): YamlDocument {
  const value = constructFromEvents([...events], { source: text })[0]
  let offsets: ReturnType<typeof placesIn> | undefined
  return {
    value,
    place(at, part = 'value') {
      offsets ??= placesIn(text, parseEvents(text, { maxDepth: MAX_DEPTH + 3 }))
      return { path, ...lineAndColumn(text, offsets(at, part)) }
    },
  }
}

function refuse(path: string, text: string, faults: readonly Fault[]): YamlReading {
  const mistakes = faults.map(
    ({ offset, what, mend }): Mistake => ({
      path,
      ...lineAndColumn(text, offset),
      where: '',
      what,
      mend,
      severity: 'error',
    }),
  )
  return { ok: false, mistakes }
}

function unreadable(error: YAMLException): Fault {
  const offset = error.mark?.position ?? 0
  if (error.reason.startsWith('nesting exceeded')) {
    return { offset, what: TOO_DEEP, mend: 'Write it flatter.' }
  }
  if (error.reason.startsWith('duplicated mapping key')) {
    return { offset, what: 'the same key stands here a second time', mend: 'Keep one of them.' }
  }
  return {
    offset,
    what: `is not readable as YAML: ${error.reason}`,
    mend: 'Check indentation, quotes and brackets here.',
  }
}
