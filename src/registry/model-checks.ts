import { type CrossCheck, type Say, sayRepeated } from './cross-check.ts'
import type { DocumentPath } from './dotted-path.ts'
import type { Model } from './model.ts'
import { checkParameters } from './parameter-checks.ts'

export const modelChecks: readonly CrossCheck<Model>[] = [
  { needs: ['task'], check: checkRequired },
  { needs: ['features.*.name'], check: checkFeatureNames },
  { needs: ['features.*.name', 'features.*.min', 'features.*.max'], check: checkFeatureRanges },
  { needs: ['features.*.name', 'label.name', 'columns', 'sensitive'], check: checkColumns },
  { needs: ['task', 'label'], check: checkLabel },
  { needs: ['training.parameters'], check: checkParameters },
  { needs: ['retired'], check: checkRetired },
]

function checkRequired(model: Model, say: Say): void {
  if (model.task === 'other') return
  const mend = 'Add it at the top level; only task other does without.'
  if (model.features === undefined) say(['features'], 'is missing', mend, 'key')
  if (model.label === undefined) say(['label'], 'is missing', mend, 'key')
}

function checkFeatureNames({ features = [] }: Model, say: Say): void {
  const names = features.map(({ name }) => name)
  sayRepeated(say, names, (index) => ['features', index, 'name'], 'the feature')
}

function checkFeatureRanges({ features = [] }: Model, say: Say): void {
  features.forEach(({ name, min, max }, index) => {
    if (min === undefined || max === undefined || min <= max) return
    say(['features', index, 'min'], `min ${min} of ${name} is above its max ${max}`, 'Swap them.')
  })
}

/** What each column of the evaluation table is; the label and `columns` are no inputs, so they cannot be features. */
function checkColumns(model: Model, say: Say): void {
  const features = new Set(model.features?.map(({ name }) => name))
  const label = model.label?.name
  const refuse = (path: DocumentPath, name: string, is: string) =>
    say(path, `${name} is ${is} already`, 'Name another column: one column cannot be both.')
  if (label !== undefined && features.has(label)) refuse(['label', 'name'], label, 'a feature')
  const roles = checkColumnRoles(model, features, refuse)
  const sensitive = sensitiveNames(model)
  sayRepeated(say, sensitive, (index) => ['sensitive', index], 'the column')
  sensitive.forEach((name, index) => {
    if (name === label) refuse(['sensitive', index], name, 'the label')
    const role = roles.get(name)
    if (role !== undefined) refuse(['sensitive', index], name, `columns.${role}`)
  })
}

type Refuse = (path: DocumentPath, name: string, is: string) => void

/** Rows may each be a unit of their own (`unit` equals `id`), and `unit: day` is no column; else all four differ. */
function checkColumnRoles(model: Model, features: ReadonlySet<string>, refuse: Refuse): ReadonlyMap<string, string> {
  const taken = new Map<string, string>()
  for (const [role, name] of Object.entries(model.columns ?? {})) {
    if (name === undefined || (role === 'unit' && name === 'day')) continue
    if (features.has(name)) refuse(['columns', role], name, 'a feature')
    if (name === model.label?.name) refuse(['columns', role], name, 'the label')
    const other = taken.get(name)
    const isRowAsUnit = [role, other].sort().join() === 'id,unit'
    if (other !== undefined && !isRowAsUnit) refuse(['columns', role], name, `columns.${other}`)
    taken.set(name, role)
  }
  return taken
}

function sensitiveNames(model: Model): readonly string[] {
  return (model.sensitive ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.name))
}

function checkLabel({ label }: Model, say: Say): void {
  if (label?.classes === undefined) return
  const classes = label.classes.map((one) => JSON.stringify(one))
  sayRepeated(say, classes, (index) => ['label', 'classes', index], 'the class')
  if (label.positive === undefined || label.classes.includes(label.positive)) return
  const what = `${JSON.stringify(label.positive)} is none of label.classes`
  say(['label', 'positive'], what, `Classes here: ${classes.join(', ')}.`)
}

function checkRetired({ retired = [] }: Model, say: Say): void {
  const versions = retired.map(({ version }) => version)
  sayRepeated(say, versions, (index) => ['retired', index, 'version'], 'the version')
}
