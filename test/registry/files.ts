import { createHash } from 'node:crypto'
import type { ChangedPath } from '../../src/registry/change.ts'
import { type FileKind, type FileReading, readFile } from '../../src/registry/file-kind.ts'
import { printMistake } from '../../src/registry/mistake.ts'

/** The files of the README's example registry, as people write them. */

export function digest(of: string): string {
  return `sha256:${createHash('sha256').update(of).digest('hex')}`
}

export const CONFIGURATION = `version: 1
branches: [main]
store:
  artifacts: s3://acme-models/registry
  read: [s3://acme-data/]
  evidence: s3://acme-weighbridge/evidence
environments:
  - name: staging
    manifests: deploy/staging
    policy: policies/staging.yml
  - name: production
    manifests: deploy/production
    policy:
      - {use: policies/production.yml}
      - {use: weighbridge/regulated, when: 'model.risk_class == "high"'}
    after: staging
    neutral: [{kind: ConfigMap, name: dashboards}]
roles:
  trainer: {teams: [data-science]}
  policy: {teams: [model-risk]}
  approver: {teams: [ml-platform], models: ['credit-*'], environments: [production]}
  oncall: {teams: [sre], users: [dana, 'lee#42']}
distinct: [trainer, approver]
training: {gpu_hours_per_month: 200}
`

export const MODEL = `model: churn
task: binary
owner: data-science
description: Which customers leave within 30 days.
risk_class: limited
features:
  - {name: tenure, type: number, min: 0, unit: months}
  - {name: plan, type: category, values: [basic, plus, pro]}
  - {name: age, type: number, nullable: true}
label: {name: churned, positive: 1}
sensitive: [sex, age_group]
columns: {id: row_id, time: ts, unit: customer_id, weight: w}
evaluation:
  data: {uri: s3://acme-data/churn/eval-2026-10.parquet, digest: "${digest('eval')}", rows: 16281}
training:
  workflow: train.yml
  runner: [self-hosted, gpu]
  parameters:
    learning_rate: {type: number, min: 0.00001, max: 1, default: 0.01, search: log}
    epochs: {type: integer, min: 1, max: 200, default: 20}
monitoring:
  predictions: s3://acme-data/churn/predictions/
  labels: s3://acme-data/churn/labels/
  join: row_id
  label_delay: 30d
  window: 7d
retired: [{version: 1.1.0, on: 2026-10-01, reason: superseded}]
`

export function recordText(version = '1.4.0', parent: string | null = '1.3.0', artifact = version): string {
  return `model: churn
version: ${version}
created: 2026-11-20T09:12:44Z
artifact: {uri: s3://acme-models/registry/churn/${version}/model.onnx, digest: "${digest(artifact)}", size_bytes: 184320, format: onnx}
features: [tenure, plan, age]
signature:
  inputs: [{name: features, type: float32, shape: [null, 14]}]
  outputs: [{name: label, type: int64, shape: [null]}, {name: probabilities, type: float32, shape: [null, 2]}]
threshold: 0.5
evaluation:
  data: {uri: s3://acme-data/churn/eval-2026-10.parquet, digest: "${digest('eval')}", rows: 16281}
  reference: {uri: s3://acme-data/churn/train-2026-10.parquet, digest: "${digest('train')}", rows: 32561}
  claims: {roc_auc: 0.912, log_loss: 0.281}
training:
  commit: 4b825dc642cb6eb9a060e54bf8d69288fbee4904
  run: {workflow: train.yml, id: 9876543210, attempt: 1}
  parameters: {learning_rate: 0.02, epochs: 30, booster: dart}
  seed: 7
  data: [{name: customers, uri: s3://acme-data/churn/customers.parquet, digest: "${digest('customers')}", dvc: data/customers.parquet.dvc}]
  features: [{store: feast, view: customer_activity, digest: "${digest('view')}"}]
  environment: {image: "ghcr.io/acme/train@sha256:abc", lockfile: requirements.lock, digest: "${digest('lock')}"}
  compute: {gpu: h200, gpu_seconds: 1840, cost_usd: 2.10}
${parent === null ? '' : `parent: ${parent}\n`}`
}

/** Mistakes and warnings of a text as people see them. */
export function printed<T>(kind: FileKind<T>, path: string, text: string): readonly string[] {
  return mistakesOf(readFile(kind, path, text)).map(printMistake)
}

function mistakesOf<T>(reading: FileReading<T>) {
  return reading.ok ? reading.warnings : reading.mistakes
}

/** The value of a text that must be sound. */
export function sound<T>(kind: FileKind<T>, path: string, text: string) {
  const reading = readFile(kind, path, text)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return reading
}

const MODE = '100644'

/** What Git says of paths that differ between two sets of texts. */
export function changedBetween(
  base: ReadonlyMap<string, string>,
  head: ReadonlyMap<string, string>,
): readonly ChangedPath[] {
  const paths = [...new Set([...base.keys(), ...head.keys()])].filter((path) => base.get(path) !== head.get(path))
  return paths.map((path) => {
    const [from, to] = [base.get(path), head.get(path)]
    const oid = (text: string | undefined) => (text === undefined ? null : digest(text).slice(7, 47))
    const mode = (text: string | undefined) => (text === undefined ? null : MODE)
    return {
      path,
      status: from === undefined ? 'added' : to === undefined ? 'removed' : 'modified',
      oid: { from: oid(from), to: oid(to) },
      mode: { from: mode(from), to: mode(to) },
    }
  })
}
