import { evaluate, type Scope } from '../expression/evaluate.ts'
import { type Expression, type ExpressionMistake, type Path, pathText } from '../expression/expression.ts'
import { checkNames, namesIn } from '../expression/names-in.ts'
import { parseExpression } from '../expression/parse-expression.ts'
import { METRICS } from '../statistics/metrics.ts'
import { didYouMean } from './did-you-mean.ts'
import type { Model } from './model.ts'
import type { VersionRecord } from './record.ts'
import { compareVersions } from './semantic-version.ts'

/** One version as a search sees it. */
export interface Searchable {
  readonly record: VersionRecord
  /** null when its model.yml cannot be read. */
  readonly model: Model | null
  /** Environments that serve it. */
  readonly serves: readonly string[]
  /** Metrics that were measured on the model's exam here; null when they were not. */
  readonly measured: Readonly<Record<string, number | null>> | null
}

/** Where a number comes from: we ran the artifact, or training said so. */
export type ValueSource = 'measured' | 'claimed' | 'record'

export interface FoundValue {
  /** As it stands in the expression. */
  readonly field: string
  readonly value: number | string | boolean | null
  readonly source: ValueSource
}

export interface FoundVersion {
  readonly model: string
  readonly version: string
  readonly created: string
  readonly serves: readonly string[]
  /** Every name that the expression reads, in its order. */
  readonly values: readonly FoundValue[]
}

export type SearchAnswer =
  | {
      readonly ok: true
      /** Best first, by the first field that is compared. */
      readonly found: readonly FoundVersion[]
      readonly searched: number
      /** Versions that have no answer, by the reason. */
      readonly unanswered: readonly { readonly because: string; readonly versions: number }[]
      /** Fields that no version has, metrics that some lack, and lists that are compared: each with a way out. */
      readonly unknown: readonly ExpressionMistake[]
    }
  | { readonly ok: false; readonly mistake: ExpressionMistake }

/** What an expression may name besides metrics, and what it is. */
const SEARCH_NAMES: Readonly<Record<string, string>> = {
  name: "the model's name",
  model: 'model.yml: model.task, model.owner, model.risk_class, ...',
  version: 'such as "1.4.0"',
  created: 'moment in UTC, such as "2026-11-20T09:12:44Z"; compares as text',
  artifact: 'artifact.size_bytes, artifact.format, artifact.digest, artifact.uri',
  features: 'names of the columns',
  threshold: 'binary: prediction = score > threshold',
  parent: 'version that it was trained from',
  labels: "labels of the record, else of the model: labels.team or labels['team']",
  serves: 'environments that serve it: "production" in serves',
  retired: 'true or false',
  claims: 'what training said, never believed: claims.roc_auc',
  parameters: 'parameters.learning_rate',
  compute: 'compute.gpu, compute.gpu_seconds, compute.cost_usd',
  seed: 'seed of the training',
  training: 'all of training',
  evaluation: 'all of evaluation',
}

/** A parsed question, and what it reads. */
interface Question {
  readonly expression: Expression
  readonly paths: readonly Path[]
}

/**
 * The versions of which an expression is true.
 *
 * A metric by its bare name is what was measured here, else what training claims, and each value says which. A version
 * that lacks a field has no answer: it is not found, and counted.
 *
 * @param text      CEL without macros: `roc_auc > 0.9 && model.task == "binary"`
 * @param versions  any order
 */
export function searchVersions(text: string, versions: readonly Searchable[]): SearchAnswer {
  const parsed = parseExpression(text)
  if (!parsed.ok) return parsed
  const { expression } = parsed
  const [mistake] = checkNames(expression, searchNames(versions), didYouMean)
  if (mistake !== undefined) return { ok: false, mistake }
  const question = { expression, paths: uniquePaths(expression) }
  const reasons = new Map<string, number>()
  const found = versions.filter((one) => {
    const answer = evaluate(expression, scopeOf(one))
    if ('undefined' in answer) reasons.set(answer.undefined, (reasons.get(answer.undefined) ?? 0) + 1)
    return 'value' in answer && answer.value === true
  })
  const unanswered = [...reasons].map(([because, count]) => ({ because, versions: count }))
  return {
    ok: true,
    found: sorted(found, expression).map((one) => foundVersion(one, question)),
    searched: versions.length,
    unanswered: unanswered.sort((a, b) => b.versions - a.versions),
    unknown:
      reasons.size === 0 ? [] : [...unknownFields(question, versions), ...answerable(question, versions, reasons)],
  }
}

/** What is wrong in the way an expression is written, whatever its names; null for nothing. */
export function expressionMistake(text: string): ExpressionMistake | null {
  const parsed = parseExpression(text)
  return parsed.ok ? null : parsed.mistake
}

/** Names that mean something here: fields, metrics, and whatever else a record claims. */
function searchNames(versions: readonly Searchable[]): readonly string[] {
  const claimed = new Set(versions.flatMap(({ record }) => Object.keys(record.evaluation.claims ?? {})))
  return [...new Set([...Object.keys(SEARCH_NAMES), ...METRICS.map(({ name }) => name), ...claimed])]
}

function uniquePaths(expression: Expression): readonly Path[] {
  return [...new Map(namesIn(expression).paths.map((path) => [pathText(path), path])).values()]
}

function scopeOf({ record, model, serves, measured }: Searchable): Scope {
  const { evaluation, training, labels, created, ...own } = record
  const claims = evaluation.claims ?? {}
  const numbers = Object.entries(measured ?? {}).filter(([, value]) => value !== null)
  return {
    ...claims,
    ...Object.fromEntries(numbers),
    ...own,
    name: record.model,
    model: model ?? {},
    created: new Date(created).toISOString().replace('.000Z', 'Z'),
    labels: labels ?? model?.labels ?? {},
    retired: model?.retired?.some(({ version }) => version === record.version) ?? false,
    parameters: training?.parameters ?? {},
    compute: training?.compute ?? {},
    ...(training?.seed === undefined ? {} : { seed: training.seed }),
    training: training ?? {},
    serves,
    evaluation,
    claims,
  }
}

function foundVersion(one: Searchable, { paths }: Question): FoundVersion {
  const { record, serves } = one
  return {
    model: record.model,
    version: record.version,
    created: record.created,
    serves,
    values: paths.map((path) => ({ field: pathText(path), value: valueAt(one, path), source: sourceOf(one, path) })),
  }
}

function valueAt(one: Searchable, path: Path): FoundValue['value'] {
  const answer = evaluate(path, scopeOf(one))
  return 'value' in answer ? answer.value : null
}

function sourceOf({ measured, record }: Searchable, { root, keys }: Path): ValueSource {
  if (root === 'claims' || (root === 'evaluation' && keys[0] === 'claims')) return 'claimed'
  if (Object.hasOwn(SEARCH_NAMES, root)) return 'record'
  if (measured !== null && typeof measured[root] === 'number') return 'measured'
  return Object.hasOwn(record.evaluation.claims ?? {}, root) ? 'claimed' : 'record'
}

/** By the first field that is compared: more first where more was asked for; equal ones by name, newest version first. */
function sorted(found: readonly Searchable[], expression: Expression): readonly Searchable[] {
  const by = firstCompared(expression)
  const keyed = found.map((one) => ({ one, key: by === null ? null : valueAt(one, by.path) }))
  return keyed
    .sort((a, b) => (by?.isAscending ? 1 : -1) * compareValues(a.key, b.key) || compareNames(a.one, b.one))
    .map(({ one }) => one)
}

function compareValues(a: FoundValue['value'], b: FoundValue['value']): number {
  if (a === b || a === null || b === null || typeof a !== typeof b) return 0
  return a < b ? -1 : 1
}

function compareNames({ record: a }: Searchable, { record: b }: Searchable): number {
  if (a.model !== b.model) return a.model < b.model ? -1 : 1
  return compareVersions(b.version, a.version)
}

function firstCompared(expression: Expression): { readonly path: Path; readonly isAscending: boolean } | null {
  switch (expression.kind) {
    case 'compare': {
      const isLess = expression.operator.startsWith('<')
      if (expression.left.kind === 'path') return { path: expression.left, isAscending: isLess }
      const isMore = expression.operator.startsWith('>')
      return expression.right.kind === 'path' ? { path: expression.right, isAscending: isMore } : null
    }
    case 'logic':
      return firstCompared(expression.left) ?? firstCompared(expression.right)
    case 'not':
      return firstCompared(expression.of)
    default:
      return null
  }
}

/** Fields below a known name that no version has: probably slips of the finger. */
function unknownFields({ paths }: Question, versions: readonly Searchable[]): readonly ExpressionMistake[] {
  return paths.flatMap((path) => {
    const key = path.keys.at(-1)
    if (typeof key !== 'string' || versions.some((one) => valueAt(one, path) !== null)) return []
    const parent = { ...path, keys: path.keys.slice(0, -1) }
    const known = [...new Set(versions.flatMap((one) => keysAt(scopeOf(one), parent)))]
    const near = didYouMean(key, known)
    const list = known.length === 0 ? 'There is nothing below it.' : `There are: ${known.slice(0, 20).join(', ')}.`
    const mend = near === null ? list : `Did you mean ${pathText({ ...parent, keys: [...parent.keys, near] })}?`
    return [{ column: path.column, what: `no version here has ${pathText(path)}`, mend }]
  })
}

/** What somebody can do about versions that have no answer: measure them, or ask in another way. */
function answerable(
  { paths }: Question,
  versions: readonly Searchable[],
  reasons: ReadonlyMap<string, number>,
): readonly ExpressionMistake[] {
  return paths.flatMap((path) => {
    const { column } = path
    const name = pathText(path)
    if (reasons.has(`${name} is a list`))
      return [{ column, what: `${name} is a list`, mend: `Ask for one of it: "..." in ${name}.` }]
    const isMetric = path.keys.length === 0 && METRICS.some((one) => one.name === name)
    const lacking = versions.find((one) => isMetric && valueAt(one, path) === null)?.record
    if (lacking === undefined || !reasons.has(`${name} is not there`)) return []
    const mend = `Measure one with: weighbridge evaluate ${lacking.model}@${lacking.version}`
    return [{ column, what: `a version has ${name} once it was measured here, or its record claims it`, mend }]
  })
}

function keysAt(scope: Scope, { root, keys }: Path): readonly string[] {
  let here: unknown = scope[root]
  for (const key of keys) here = here !== null && typeof here === 'object' ? Reflect.get(here, key) : undefined
  return here !== null && typeof here === 'object' && !Array.isArray(here) ? Object.keys(here) : []
}
