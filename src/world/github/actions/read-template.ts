import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { JSONObjectReader } from '@actions/workflow-parser/templates/json-object-reader'
import { TemplateSchema } from '@actions/workflow-parser/templates/schema/index'
import { TemplateContext, TemplateValidationErrors } from '@actions/workflow-parser/templates/template-context'
import { readTemplate as readByGitHub } from '@actions/workflow-parser/templates/template-reader'
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer'
import { YamlObjectReader } from '@actions/workflow-parser/workflows/yaml-object-reader'
import { CORE_SCHEMA, load } from 'js-yaml'
import { withExpressions } from './with-expressions.ts'
import type { Written } from './written.ts'

/** What is read, and by which of GitHub's two schemas. */
const KINDS = {
  workflow: { file: 'workflow-v1.0.min.json', root: 'workflow-root-strict' },
  action: { file: 'action-v1.0.min.json', root: 'action-root-strict' },
} as const

export type TemplateKind = keyof typeof KINDS

export interface ReadTemplate {
  /** null when there are problems. */
  readonly written: Written
  /** In GitHub's own words: unknown keys, contexts that are not there, expressions that cannot be read. */
  readonly problems: readonly string[]
}

const schemas = new Map<TemplateKind, TemplateSchema>()
const read = new Map<string, ReadTemplate>()
const MOST_KEPT = 500

/** A workflow or an action's metadata, by the parser and the schema that GitHub publishes. The same text is read once. */
export function readTemplate(kind: TemplateKind, path: string, text: string): ReadTemplate {
  const key = `${kind}\n${path}\n${text}`
  const known = read.get(key)
  if (known !== undefined) return known
  const fresh = readAnew(kind, path, text)
  if (read.size >= MOST_KEPT) read.clear()
  read.set(key, fresh)
  return fresh
}

function readAnew(kind: TemplateKind, path: string, text: string): ReadTemplate {
  const context = new TemplateContext(new TemplateValidationErrors(), schemaOf(kind), new NoOperationTraceWriter())
  const file = context.getFileId(path)
  const reader = new YamlObjectReader(file, text)
  for (const error of reader.errors) context.error(file, error.message, error.range)
  if (reader.errors.length === 0) readByGitHub(context, KINDS[kind].root, reader, file)
  const problems = context.errors.getErrors().map((error) => error.message)
  if (problems.length > 0) return { written: null, problems }
  // what GitHub's parser keeps of a block of text with expressions is indented, so the values are read here
  return { written: withExpressions(load(text, { schema: CORE_SCHEMA })), problems }
}

/** The package imports its schemas in a way that Node refuses, so they are read as files. */
function schemaOf(kind: TemplateKind): TemplateSchema {
  const known = schemas.get(kind)
  if (known !== undefined) return known
  const inPackage = fileURLToPath(import.meta.resolve('@actions/workflow-parser/templates/template-reader'))
  const json = readFileSync(join(dirname(dirname(inPackage)), KINDS[kind].file), 'utf8')
  const schema = TemplateSchema.load(new JSONObjectReader(undefined, json))
  schemas.set(kind, schema)
  return schema
}
