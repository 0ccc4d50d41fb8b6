import type { z } from 'zod'
import { type DocumentPath, parseDotted, printDotted } from './dotted-path.ts'
import type { Mistake, Place } from './mistake.ts'
import { type Complaint, complaints } from './schema-mistakes.ts'
import { readYaml, type YamlDocument } from './yaml-document.ts'

export type { Complaint }

const MAX_MISTAKES = 200

/** A kind of file of ours: its schema, and what no schema can say. */
export interface FileKind<T> {
  readonly name: string
  /** One sentence: the JSON Schema's description. */
  readonly about: string
  readonly schema: z.ZodType<T>
  /** Warnings, and whether path and content agree; asked only of a sound value. */
  examine?(value: T, path: string): readonly Complaint[]
}

export type FileReading<T> =
  | {
      readonly ok: true
      readonly value: T
      readonly warnings: readonly Mistake[]
      readonly place: (path: DocumentPath | string) => Place
    }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/**
 * A file of ours as a typed value, or all its mistakes at once, each with place and way out.
 *
 * Never throws, whatever the text. Warnings ride along with either answer.
 *
 * @param path  in the repository; it stands in the mistakes, and some kinds compare it with the content
 * @param text  as `readSourceText` gave it; checked again here
 * @returns `place` takes a path or its dotted form, `artifact.digest`
 */
export function readFile<T>(kind: FileKind<T>, path: string, text: string): FileReading<T> {
  const yaml = readYaml(path, text)
  if (!yaml.ok) return yaml
  const { document } = yaml
  const parsed = kind.schema.safeParse(document.value, { reportInput: true })
  if (!parsed.success)
    return { ok: false, mistakes: placed(path, document, complaints(kind.schema, parsed.error.issues)) }
  const examined = placed(path, document, kind.examine?.(parsed.data, path) ?? [])
  if (examined.some(({ severity }) => severity === 'error')) return { ok: false, mistakes: examined }
  const place = (at: DocumentPath | string) => document.place(typeof at === 'string' ? parseDotted(at) : at)
  return { ok: true, value: parsed.data, warnings: examined, place }
}

function placed(path: string, document: YamlDocument, list: readonly Complaint[]): readonly Mistake[] {
  const mistakes = list.slice(0, MAX_MISTAKES).map((complaint) => mistakeOf(path, document, complaint))
  const last = mistakes.at(-1)
  if (last !== undefined && list.length > MAX_MISTAKES) {
    mistakes.push({
      ...last,
      where: '',
      what: `and ${list.length - MAX_MISTAKES} more mistakes`,
      mend: 'Mend these first.',
    })
  }
  return mistakes.sort(inTextOrder)
}

function mistakeOf(path: string, document: YamlDocument, complaint: Complaint): Mistake {
  const { line, column } = document.place(complaint.path, complaint.part)
  const { what, mend, severity = 'error' } = complaint
  return { path, line, column, where: printDotted(complaint.path), what, mend, severity }
}

/** By path, line and column: the order in which people mend. */
export function inTextOrder(a: Mistake, b: Mistake): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1
  return a.line - b.line || a.column - b.column
}
