import type { Change, ChangedPath, ChangeKind } from './change.ts'
import type { Configuration } from './configuration.ts'
import { type FieldDifference, fieldDifferences } from './field-differences.ts'
import { type FileKind, inTextOrder, readFile } from './file-kind.ts'
import { configurationKind, modelKind, recordKind } from './file-kinds.ts'
import type { Mistake, Place } from './mistake.ts'
import { JUDGING_FIELDS } from './model.ts'
import { namedWorkflows } from './named-workflows.ts'
import { classifyPath, type RegistryPath } from './registry-path.ts'
import { modeMistake } from './source-text.ts'
import { readYaml, type YamlDocument } from './yaml-document.ts'

export interface ChangesQuestion {
  /** Of the governed branch; null when it has none. */
  readonly configuration: Configuration | null
  /** Texts by path: the changed paths, and every policy and model.yml that may name a workflow. */
  readonly base: ReadonlyMap<string, string>
  readonly head: ReadonlyMap<string, string>
  readonly changed: readonly ChangedPath[]
}

export interface ReadChanges {
  /** By path; promotions, rollbacks and everything else in manifests are read by `serving`. */
  readonly changes: readonly Change[]
  /** In changed files of head. An unreadable file yields its change all the same. */
  readonly mistakes: readonly Mistake[]
}

/** Everything that a pull request changes of ours, manifests apart, and every mistake in what it brings. */
export function readChanges(question: ChangesQuestion): ReadChanges {
  const workflows = new Set([...namedWorkflows(question.base), ...namedWorkflows(question.head)])
  const sorted = [...question.changed].sort((a, b) => (a.path < b.path ? -1 : 1))
  const readings = sorted.map((changed) => readChange(question, workflows, changed))
  return {
    changes: readings.flatMap(({ changes }) => changes),
    mistakes: readings.flatMap(({ mistakes }) => mistakes).sort(inTextOrder),
  }
}

function readChange(question: ChangesQuestion, workflows: ReadonlySet<string>, seen: ChangedPath): ReadChanges {
  const { path } = seen
  const changed = seen.status === 'added' && question.base.has(path) ? { ...seen, status: 'modified' as const } : seen
  const is = classifyPath(path, question.configuration)
  if (is.kind === 'other' || is.kind === 'manifest') return { changes: [], mistakes: [] }
  if (is.kind === 'workflow') {
    return { changes: workflows.has(is.workflow) ? [changeOf('policy-changed', path, [])] : [], mistakes: [] }
  }
  const sides = sidesOf(question, changed)
  const link = changed.status === 'removed' ? null : modeMistake(path, changed.mode.to)
  const mistakes = link === null ? headMistakes(is, changed, sides.headText) : [link]
  return { changes: changesAt(is, changed, link === null ? sides : { ...sides, head: 'unreadable' }), mistakes }
}

/** A document, `absent` where there is no file, `unreadable` where it cannot be told what the file says. */
type Side = YamlDocument | 'absent' | 'unreadable'

interface Sides {
  readonly base: Side
  readonly head: Side
  readonly headText: string | undefined
}

function sidesOf({ base, head }: ChangesQuestion, { path, status }: ChangedPath): Sides {
  const headText = status === 'removed' ? undefined : head.get(path)
  return {
    base: status === 'added' ? 'absent' : sideOf(path, base.get(path)),
    head: status === 'removed' ? 'absent' : sideOf(path, headText),
    headText,
  }
}

function sideOf(path: string, text: string | undefined): Side {
  const reading = text === undefined ? null : readYaml(path, text)
  return reading?.ok ? reading.document : 'unreadable'
}

function headMistakes(is: RegistryPath, { path, status }: ChangedPath, text: string | undefined): readonly Mistake[] {
  if (status === 'removed') return []
  const start = { path, line: 1, column: 1, where: '', severity: 'error' as const }
  if (is.kind === 'stray-in-models') return [{ ...start, what: is.what, mend: is.mend }]
  if (text === undefined)
    return [{ ...start, what: 'was not read', mend: 'Commit a plain text file of at most 256 KB.' }]
  if (is.kind === 'version') return mistakesOf(recordKind, path, text)
  if (is.kind === 'model') return mistakesOf(modelKind, path, text)
  if (is.kind === 'configuration') return mistakesOf(configurationKind, path, text)
  const yaml = /\.ya?ml$/.test(path) ? readYaml(path, text) : null
  return yaml === null || yaml.ok ? [] : yaml.mistakes
}

function mistakesOf<T>(kind: FileKind<T>, path: string, text: string): readonly Mistake[] {
  const reading = readFile(kind, path, text)
  return reading.ok ? reading.warnings : reading.mistakes
}

function changesAt(is: RegistryPath, changed: ChangedPath, sides: Sides): readonly Change[] {
  const { path, status } = changed
  if (is.kind === 'version') {
    const more = { model: is.model, version: is.version }
    if (status === 'added') return [{ ...changeOf('version-added', path, []), ...more }]
    const to = status === 'removed' ? null : is.version
    return [{ ...changeOf('version-changed', path, differences(sides), sides.head), ...more, from: is.version, to }]
  }
  if (is.kind === 'model') return modelChanges(path, sides).map((change) => ({ ...change, model: is.model }))
  if (is.kind === 'model-policy')
    return [{ ...changeOf('policy-changed', path, differences(sides), sides.head), model: is.model }]
  if (is.kind === 'policy') return [changeOf('policy-changed', path, differences(sides), sides.head)]
  if (is.kind === 'configuration') return [changeOf('configuration-changed', path, differences(sides), sides.head)]
  return []
}

/**
 * One change of model.yml may be three: of the exam, of other judging fields, of the rest. A new model has no terms to
 * change; one that goes, or that cannot be read on either side, changes them all.
 */
function modelChanges(path: string, sides: Sides): readonly Change[] {
  if (sides.base === 'absent') return [changeOf('model-changed', path, [])]
  const all = differences({ ...sides, base: withEvaluation(sides.base), head: withEvaluation(sides.head) })
  const parts: readonly (readonly [ChangeKind, readonly FieldDifference[]])[] = [
    ['evaluation-changed', all.filter((one) => isExam(one) || isUnknown(one))],
    ['terms-changed', all.filter((one) => isTerms(one) || isUnknown(one))],
    ['model-changed', all.filter((one) => !isJudging(one))],
  ]
  const changes = parts
    .filter(([, fields]) => fields.length > 0)
    .map(([kind, fields]) => changeOf(kind, path, fields, sides.head))
  return changes.length > 0 ? changes : [changeOf('model-changed', path, [])]
}

const isUnknown = ({ path }: FieldDifference) => path.length === 0
const isExam = ({ path }: FieldDifference) => path[0] === 'evaluation' && (path[1] === 'data' || path.length === 1)
const isJudging = ({ path }: FieldDifference) => (JUDGING_FIELDS as readonly unknown[]).includes(path[0])
const isTerms = (one: FieldDifference) => isJudging(one) && !(isExam(one) && one.path.length > 1)

/** An `evaluation` that comes or goes differs in its parts, since the exam and its steward are changes of two kinds. */
function withEvaluation(side: Side): Side {
  if (typeof side === 'string' || typeof side.value !== 'object' || side.value === null) return side
  return { value: { evaluation: {}, ...side.value }, place: side.place }
}

function differences({ base, head }: Sides): readonly FieldDifference[] {
  if (base === 'unreadable' || head === 'unreadable') {
    const word = (side: Side) => (typeof side === 'string' ? side : 'readable')
    return [{ path: [], field: '', from: word(base), to: word(head) }]
  }
  const value = (side: YamlDocument | 'absent') => (side === 'absent' ? {} : side.value)
  return fieldDifferences(value(base), value(head))
}

function changeOf(kind: ChangeKind, path: string, fields: readonly FieldDifference[], head: Side = 'absent'): Change {
  const place: Place =
    typeof head === 'string' ? { path, line: 1, column: 1 } : head.place(fields[0]?.path ?? [], 'key')
  if (fields.length === 0) return { kind, path, place }
  return { kind, path, place, fields: fields.map(({ field, from, to }) => ({ field, from, to })) }
}
