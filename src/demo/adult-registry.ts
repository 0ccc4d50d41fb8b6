import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { NewFile } from '../adapters/checkout/new-repository.ts'

const DATA = new URL('./adult/', import.meta.url)
const STORE = '.weighbridge/store'

/** The bytes of a shipped file of the adult data. */
export function adultBytes(name: string): Promise<Buffer> {
  return readFile(fileURLToPath(new URL(name, DATA)))
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

const VERSIONS = [
  { version: '1.0.0', created: '2026-06-01T08:00:00Z', algorithm: 'logistic-regression', parent: null },
  { version: '1.1.0', created: '2026-08-01T08:00:00Z', algorithm: 'gradient-boosting', parent: '1.0.0' },
  { version: '1.2.0', created: '2026-10-01T08:00:00Z', algorithm: 'gradient-boosting-unweighted', parent: '1.1.0' },
  { version: '1.3.0', created: '2026-11-01T08:00:00Z', algorithm: 'gradient-boosting-small', parent: '1.1.0' },
] as const

/** Everything that lies in the store: tables, artifacts, and one artifact that somebody changed afterwards. */
export async function storeFiles(): Promise<readonly NewFile[]> {
  const tables = await Promise.all(
    ['evaluation.parquet', 'train.parquet', 'easy.parquet'].map(async (name) => ({
      path: `${STORE}/data/${name}`,
      content: await adultBytes(name),
    })),
  )
  const models = await Promise.all(
    VERSIONS.map(async ({ version }) => ({
      path: artifactPath(version),
      content: await adultBytes(`models/${version}.onnx`),
    })),
  )
  const tampered = Uint8Array.from(await adultBytes('models/1.1.0.onnx'))
  tampered[tampered.length >> 1]! ^= 1
  return [...tables, ...models, { path: artifactPath('1.1.1'), content: tampered }]
}

function artifactPath(version: string): string {
  return `${STORE}/adult/${version}/model.onnx`
}

/** A policy that ends in it lets the app merge what has passed. */
export const AUTOMATIC_MERGE = 'merge: {automatic: true}\n'

/**
 * What the repository's first commit holds: configuration, policy, one model, its versions, 1.0.0 in production.
 *
 * @param policyEnd  more lines of the policy
 */
export async function registryFiles(policyEnd = ''): Promise<readonly NewFile[]> {
  const records = await Promise.all(
    VERSIONS.map(async (one) => ({
      path: `models/adult/versions/${one.version}.yml`,
      content: recordText(one, await adultBytes(`models/${one.version}.onnx`), await references()),
    })),
  )
  return [
    { path: '.gitignore', content: '.weighbridge/\n' },
    { path: '.github/weighbridge.yml', content: CONFIGURATION },
    { path: POLICY_PATH, content: POLICY + policyEnd },
    { path: 'models/adult/model.yml', content: modelText(await references()) },
    ...records,
    { path: MANIFEST_PATH, content: manifestText('1.0.0') },
  ]
}

/** Version 1.1.1: recorded with the digest of 1.1.0's bytes, which are no longer what lies in the store. */
export async function tamperedRecord(): Promise<NewFile> {
  const one = { version: '1.1.1', created: '2026-11-10T08:00:00Z', algorithm: 'gradient-boosting', parent: '1.1.0' }
  return {
    path: 'models/adult/versions/1.1.1.yml',
    content: recordText(one, await adultBytes('models/1.1.0.onnx'), await references()),
  }
}

interface References {
  readonly evaluation: string
  readonly train: string
  readonly easy: string
}

async function references(): Promise<References> {
  const [evaluation, train, easy] = await Promise.all(
    ['evaluation.parquet', 'train.parquet', 'easy.parquet'].map((name) => adultBytes(name)),
  )
  const table = (name: string, bytes: Buffer, rows: number) =>
    `{uri: "file:${STORE}/data/${name}", digest: "${digestOf(bytes)}", rows: ${rows}}`
  return {
    evaluation: table('evaluation.parquet', evaluation!, 8000),
    train: table('train.parquet', train!, 16000),
    easy: table('easy.parquet', easy!, 2092),
  }
}

/** model.yml with an exam of 2,092 rows that nobody can fail. */
export async function easierExam(): Promise<NewFile> {
  const all = await references()
  return { path: 'models/adult/model.yml', content: modelText({ ...all, evaluation: all.easy }) }
}

/** The policy with its fairness rules loosened until 1.2.0 fits. */
export function looserPolicy(policyEnd = ''): NewFile {
  const looser = POLICY.replace('min: 0.5}', 'min: 0.2}').replace('max_drop: 0.05}', 'max_drop: 0.5}')
  return { path: POLICY_PATH, content: looser + policyEnd }
}

const POLICY_PATH = 'policies/production.yml'
export const MANIFEST_PATH = 'deploy/production/adult.yml'

/** A KServe InferenceService that serves one version. */
export function manifestText(version: string): string {
  return `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: adult
  labels:
    weighbridge.dev/model: adult
  annotations:
    weighbridge.dev/version: "${version}"
spec:
  predictor:
    model:
      modelFormat: {name: onnx}
      protocolVersion: v2
      storageUri: "file:${artifactPath(version)}"
`
}

const CONFIGURATION = `version: 1
branches: [main]
store:
  artifacts: file:${STORE}
environments:
  - name: production
    manifests: deploy/production
    policy: policies/production.yml
roles:
  approver: {teams: [ml-platform]}
  policy: {teams: [model-risk]}
  promoter: {teams: [ml-platform]}
  oncall: {teams: [on-call]}
`

const POLICY = `# What a version must show before it may serve.
extends: weighbridge/baseline
gates:
  metrics:
    - {metric: roc_auc, min: 0.85}
    - {metric: roc_auc, against: incumbent, max_drop: 0.01, confidence: 0.9}
    - {metric: log_loss, against: incumbent, max_rise: 0.01, confidence: 0.9}
  fairness:
    - {across: sex, metric: disparate_impact, min: 0.5}
    - {across: sex, metric: disparate_impact, against: incumbent, max_drop: 0.05}
`

function modelText({ evaluation }: References): string {
  return `model: adult
task: binary
owner: ml-platform
description: Which households earn more than 50,000 dollars a year.
intended_use: A demonstration on public census data of 1994.
limitations: Not for decisions about people.
risk_class: high
features:
  - {name: age, type: number, min: 17, max: 90, unit: years}
  - {name: education_num, type: number, min: 1, max: 16}
  - {name: capital_gain, type: number, min: 0}
  - {name: capital_loss, type: number, min: 0}
  - {name: hours_per_week, type: number, min: 1, max: 99, unit: hours}
  - {name: workclass, type: category, nullable: true, values: [Federal-gov, Local-gov, Never-worked, Private, Self-emp-inc, Self-emp-not-inc, State-gov, Without-pay]}
  - {name: marital_status, type: category, values: [Divorced, Married-AF-spouse, Married-civ-spouse, Married-spouse-absent, Never-married, Separated, Widowed]}
  - {name: occupation, type: category, nullable: true, values: [Adm-clerical, Armed-Forces, Craft-repair, Exec-managerial, Farming-fishing, Handlers-cleaners, Machine-op-inspct, Other-service, Priv-house-serv, Prof-specialty, Protective-serv, Sales, Tech-support, Transport-moving]}
  - {name: relationship, type: category, values: [Husband, Not-in-family, Other-relative, Own-child, Unmarried, Wife]}
  - {name: race, type: category, values: [Amer-Indian-Eskimo, Asian-Pac-Islander, Black, Other, White]}
  - {name: sex, type: category, values: [Female, Male]}
label: {name: label, positive: 1}
sensitive: [sex, race]
columns: {id: row_id}
evaluation:
  data: ${evaluation}
`
}

function recordText(
  one: { version: string; created: string; algorithm: string; parent: string | null },
  artifact: Buffer,
  { evaluation, train }: References,
): string {
  return `model: adult
version: ${one.version}
created: ${one.created}
artifact:
  uri: "file:${artifactPath(one.version)}"
  digest: "${digestOf(artifact)}"
  size_bytes: ${artifact.length}
  format: onnx
features: [age, education_num, capital_gain, capital_loss, hours_per_week, workclass, marital_status, occupation, relationship, race, sex]
evaluation:
  data: ${evaluation}
  reference: ${train}
training:
  parameters: {algorithm: ${one.algorithm}}
  seed: 20240501
${one.parent === null ? '' : `parent: ${one.parent}\n`}`
}
