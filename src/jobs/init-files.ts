import { createHash } from 'node:crypto'
import type { NewFile } from '../adapters/checkout/new-repository.ts'
import { jsonSchemaOf } from '../registry/json-schema.ts'
import { classifyPath } from '../registry/registry-path.ts'
import { fileKinds } from './file-kinds.ts'
import type { FittedFairness } from './fit-fairness.ts'
import type { FittedRule } from './fit-margins.ts'
import { ledgerRuleset } from './init-ledger-ruleset.ts'

/** What `init --from` found out about two prediction files. */
export interface InitFacts {
  readonly model: string
  readonly task: 'binary' | 'regression'
  readonly rows: number
  readonly columns: { readonly id: string; readonly label: string; readonly time: string | null }
  readonly features: readonly {
    readonly name: string
    readonly type: 'number' | 'category'
    readonly nullable: boolean
    readonly values: readonly string[] | null
  }[]
  readonly sensitive: readonly { readonly name: string; readonly values: readonly string[] }[]
  readonly rules: readonly FittedRule[]
  readonly fairness: FittedFairness
  /** The exam as it was given: name and bytes. */
  readonly exam: NewFile
  /** Predictions in our columns, oldest version first. */
  readonly versions: readonly { readonly version: string; readonly predictions: NewFile; readonly rows: number }[]
  readonly today: string
}

const STORE = '.weighbridge/store'
const SCHEMAS = '.github/weighbridge'

/** Text as a YAML scalar: always quoted as JSON does, which YAML reads the same. */
const quoted = (text: string): string => JSON.stringify(text)

/** Everything that stands on main: configuration, policy, the model, the exam, every record. */
export function registryOf(facts: InitFacts): readonly NewFile[] {
  return [
    ...schemaFiles(),
    ledgerRuleset(),
    { path: '.github/weighbridge.yml', content: configurationText() },
    { path: 'policies/production.yml', content: policyText(facts) },
    { path: `models/${facts.model}/model.yml`, content: modelText(facts) },
    ...facts.versions.map((one, index) => ({
      path: `models/${facts.model}/versions/${one.version}.yml`,
      content: recordText(facts, index),
    })),
    facts.exam,
    ...facts.versions.map((one) => one.predictions),
  ]
}

export function schemaFiles(): readonly NewFile[] {
  return fileKinds.map((kind) => ({
    path: `${SCHEMAS}/${kind.name}.schema.json`,
    content: `${JSON.stringify(jsonSchemaOf(kind), null, 2)}\n`,
  }))
}

/** The manifest that serves a version. */
export function servingManifest(facts: InitFacts, index: number): NewFile {
  const one = facts.versions[index]
  if (one === undefined) throw new RangeError(`there is no version ${index}`)
  return {
    path: `deploy/production/${facts.model}.yml`,
    content: `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: ${facts.model}
  labels:
    weighbridge.dev/model: ${facts.model}
  annotations:
    weighbridge.dev/version: "${one.version}"
spec:
  predictor:
    model:
      modelFormat: {name: onnx}
      protocolVersion: v2
      storageUri: ${quoted(`file:${one.predictions.path}`)}
`,
  }
}

function hint(depth: number, kind: string): string {
  return `# yaml-language-server: $schema=${'../'.repeat(depth)}${SCHEMAS}/${kind}.schema.json\n`
}

/** A file of ours with the line by which editors find its schema. */
export function withSchemaLine({ path, content }: NewFile): NewFile {
  const is = classifyPath(path, null).kind
  const kind = fileKinds.find(({ name }) => name === is)?.name
  if (kind === undefined || typeof content !== 'string') return { path, content }
  return { path, content: `${hint(path.split('/').length - 1, kind)}${content}` }
}

function configurationText(): string {
  return `${hint(1, 'configuration')}version: 1
branches: [main]
store:
  artifacts: file:${STORE} # s3://bucket/prefix when there is one
environments:
  - name: production
    manifests: deploy/production
    policy: policies/production.yml
roles: # team slugs, users, or everyone with a permission
  approver: {permission: maintain}
  policy: {permission: admin}
  promoter: {permission: write}
`
}

function policyText({ rules, fairness, rows }: InitFacts): string {
  const fair = fairness.fits === 'margin' ? [fairness.rule] : []
  const loosened = [...rules, ...fair].flatMap((rule) => (rule.loosens === null ? [] : [rule.loosens]))
  return `${hint(1, 'policy')}# Margins are fitted to ${rows} rows: the smallest that an equally good model passes 4 times of 5.
extends: weighbridge/baseline
${loosened.length === 0 ? '' : `loosen: [${loosened.join(', ')}]\n`}without:
  # The training table is not known yet: name it in the record, then remove this line.
  - data-quality/max_train_overlap
${fairness.fits === 'none' ? `  # ${fairness.why}\n  - ${fairness.id}\n` : ''}gates:
${rulesText('metrics', rules)}${rulesText('fairness', fair)}`
}

function rulesText(gate: string, rules: readonly FittedRule[]): string {
  if (rules.length === 0) return gate === 'metrics' ? '  metrics: []\n' : ''
  return `  ${gate}:\n${rules.map((rule) => `    # ${rule.why}\n    - ${rule.yaml}\n`).join('')}`
}

function tableText(file: NewFile, rows: number): string {
  return `{uri: ${quoted(`file:${file.path}`)}, digest: "${digestOf(file.content)}", rows: ${rows}}`
}

function modelText(facts: InitFacts): string {
  const { columns, label } = { columns: facts.columns, label: facts.columns.label }
  const features = facts.features.map(
    ({ name, type, nullable, values }) =>
      `  - {name: ${quoted(name)}, type: ${type}${nullable ? ', nullable: true' : ''}${values === null ? '' : `, values: [${values.map(quoted).join(', ')}]`}}`,
  )
  const sensitive = facts.sensitive.map(
    ({ name, values }) => `{name: ${quoted(name)}, values: [${values.map(quoted).join(', ')}]}`,
  )
  return `${hint(2, 'model')}model: ${facts.model}
task: ${facts.task}
description: What this model answers, and for whom.
intended_use: Say what it may be used for.
limitations: Say what it must not be used for.
features: # guessed from the prediction file: complete it
${features.join('\n')}
label: {name: ${quoted(label)}${facts.task === 'binary' ? ', positive: 1' : ''}}
${sensitive.length === 0 ? '' : `sensitive: [${sensitive.join(', ')}]\n`}columns: {id: ${quoted(columns.id)}${columns.time === null ? '' : `, time: ${quoted(columns.time)}`}}
evaluation:
  data: ${tableText(facts.exam, facts.rows)}
`
}

function recordText(facts: InitFacts, index: number): string {
  const one = facts.versions[index]!
  const parent = facts.versions[index - 1]
  const bytes =
    typeof one.predictions.content === 'string'
      ? Buffer.byteLength(one.predictions.content)
      : one.predictions.content.length
  return `${hint(3, 'version')}model: ${facts.model}
version: ${one.version}
created: ${facts.today}
# An opaque artifact is hashed, never opened. Here the predictions stand for it: record the model itself, with
# format: onnx, and Weighbridge runs it on the exam instead of believing a table.
artifact: {uri: ${quoted(`file:${one.predictions.path}`)}, digest: "${digestOf(one.predictions.content)}", size_bytes: ${bytes}, format: opaque}
evaluation:
  data: ${tableText(facts.exam, facts.rows)}
  reference: ${tableText(facts.exam, facts.rows)} # the training table belongs here
  predictions: {uri: ${quoted(`file:${one.predictions.path}`)}, digest: "${digestOf(one.predictions.content)}", rows: ${one.rows}, id: id}
${parent === undefined ? '' : `parent: ${parent.version}\n`}`
}

function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
