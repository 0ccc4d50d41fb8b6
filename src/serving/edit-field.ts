import { type Event, parseEvents, SCALAR_STYLE } from 'js-yaml'
import type { DocumentPath } from '../registry/dotted-path.ts'
import { printDotted } from '../registry/dotted-path.ts'
import type { Place } from '../registry/mistake.ts'
import { spliced } from '../registry/splice.ts'
import { type Manifest, readManifests } from './manifest-reader.ts'
import { shown } from './shown.ts'
import { MAX_DEPTH } from './yaml-node.ts'
import type { YamlObject, YamlValue } from './yaml-value.ts'

/** A file with one field of one object changed, or why it was left as it is. */
export type EditedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly place: Place; readonly what: string; readonly mend: string }

/** One field of one object of a file. */
export interface FieldEdit {
  readonly path: string
  readonly text: string
  /** Which object of the file, in the order of `readManifests`. */
  readonly object: number
  readonly field: DocumentPath
  /** One line of text. */
  readonly value: string
}

/**
 * Writes a text into a field of a manifest file and leaves every other byte as it is.
 *
 * Splices between the offsets of the old value, in its own quotes; reads the whole file again and compares every object
 * with what was meant. Other quotes are taken only where the old ones could not hold the new value. A field that some
 * readers read otherwise (anchor, alias, tag, merge key, several lines) is refused, as is one that is not there.
 *
 * @returns the file's new text, or the place and the reason
 */
export function editField(edit: FieldEdit): EditedText {
  const before = readManifests(edit.path, edit.text)
  if (!before.ok) return refused(before.place, before.what, before.mend)
  const manifest = before.manifests[edit.object]
  if (manifest === undefined) {
    const what = `holds ${before.manifests.length} objects, and number ${edit.object + 1} was to be changed`
    return refused({ path: edit.path, line: 1, column: 1 }, what, 'Read the file again.')
  }
  const called = printDotted(edit.field)
  const field = manifest.field(edit.field)
  const place = manifest.placeOf(edit.field)
  if (field.is === 'unclear') return refused(place, field.because, 'Write it as plain text of its own.')
  if (field.is === 'absent') return refused(place, `${called} is not there`, 'Add it by hand once.')
  if (field.text === edit.value) return { ok: true, text: edit.text }
  const span = scalarAt(edit.text, field.offset)
  const text = span && firstSound(edit, before.manifests, span)
  if (typeof text === 'string') return { ok: true, text }
  return refused(place, `${called} cannot be changed to ${shown(edit.value)} without touching more`, 'Edit it by hand.')
}

function refused(place: Place, what: string, mend: string): EditedText {
  return { ok: false, place, what, mend }
}

interface Span {
  readonly start: number
  readonly end: number
  readonly style: number
}

/** The scalar that begins at an offset, its quotes included; null for block scalars, whose text is no span of its own. */
function scalarAt(text: string, offset: number): Span | null {
  const isQuoted = ({ style }: Scalar) => style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
  const scalar = parseEvents(text, { maxDepth: MAX_DEPTH })
    .filter((event): event is Scalar => event.type === 4 && event.valueStart >= 0)
    .find((event) => event.valueStart - (isQuoted(event) ? 1 : 0) === offset)
  if (scalar === undefined) return null
  if (isQuoted(scalar)) return { start: scalar.valueStart - 1, end: scalar.valueEnd + 1, style: scalar.style }
  if (scalar.style !== SCALAR_STYLE.PLAIN) return null
  return { start: scalar.valueStart, end: scalar.valueEnd, style: scalar.style }
}

type Scalar = Extract<Event, { type: 4 }>

/** The first spelling after which every object says what was meant; null when none does. */
function firstSound(edit: FieldEdit, before: readonly Manifest[], span: Span): string | null {
  for (const spelling of spellings(edit, span.style)) {
    const text = spliced(edit.text, { start: span.start, end: span.end, text: spelling })
    if (isMeant(edit, before, text)) return text
  }
  return null
}

/** Ways to write a value, the one of the old value first; JSON has one. */
function spellings({ path, value }: FieldEdit, style: number): readonly string[] {
  if (/\p{C}|\p{Zl}|\p{Zp}/u.test(value)) return []
  const double = JSON.stringify(value)
  const single = `'${value.replaceAll("'", "''")}'`
  if (path.endsWith('.json')) return [double]
  if (style === SCALAR_STYLE.DOUBLE_QUOTED) return [double, single]
  if (style === SCALAR_STYLE.SINGLE_QUOTED) return [single, double]
  return [value, double, single]
}

function isMeant({ path, text: old, object, field, value }: FieldEdit, before: readonly Manifest[], text: string) {
  if (path.endsWith('.json') && isJson(old) && !isJson(text)) return false
  const after = readManifests(path, text)
  if (!after.ok || after.manifests.length !== before.length) return false
  const read = after.manifests[object]?.field(field)
  if (read?.is !== 'text' || read.text !== value) return false
  return before.every((manifest, index) => {
    const meant = index === object ? withValue(manifest.value, field, value) : manifest.value
    const found = after.manifests[index]!
    return sameText(meant, found.value) && (found.unclear === null) === (manifest.unclear === null)
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''))
    return true
  } catch {
    return false
  }
}

/** Values have no NaN and keys stand in the order of the file, so one text is one value. */
function sameText(a: YamlValue, b: YamlValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function withValue(of: YamlValue, [step, ...rest]: DocumentPath, value: string): YamlValue {
  if (step === undefined) return value
  if (Array.isArray(of)) return of.map((item, index) => (index === step ? withValue(item, rest, value) : item))
  const entries = Object.entries(of as YamlObject)
  return withoutPrototype(entries.map(([key, own]) => [key, key === step ? withValue(own, rest, value) : own]))
}

function withoutPrototype(entries: readonly (readonly [string, YamlValue])[]): YamlObject {
  const made: Record<string, YamlValue> = Object.create(null)
  for (const [key, value] of entries) made[key] = value
  return made
}
