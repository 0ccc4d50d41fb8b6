import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { commitAll, initRepository, type NewFile, writeFiles } from '../../src/adapters/checkout/new-repository.ts'

const VERSIONS_PER_MODEL = 100
const digest = (seed: number) => `sha256:${seed.toString(16).padStart(64, '0')}`

/** A committed registry of so many versions: models of 100 versions each, one environment that serves them all. */
export async function largeRegistry(below: string, versions: number): Promise<string> {
  const folder = join(below, `registry-${versions}`)
  await mkdir(folder, { recursive: true })
  await initRepository(folder)
  await writeFiles(folder, filesOf(versions))
  await commitAll(folder, `registry: ${versions} versions`)
  return folder
}

function filesOf(versions: number): readonly NewFile[] {
  const perModel = Math.min(versions, VERSIONS_PER_MODEL)
  const models = Array.from({ length: versions / perModel }, (_, index) => `model-${index}`)
  return [
    { path: '.github/weighbridge.yml', content: CONFIGURATION },
    { path: 'policies/production.yml', content: 'extends: weighbridge/baseline\ngates: {}\n' },
    ...models.flatMap((model, index) => [
      { path: `models/${model}/model.yml`, content: modelText(model) },
      { path: `deploy/production/${model}.yml`, content: manifestText(model, `1.${perModel - 1}.0`) },
      ...Array.from({ length: perModel }, (_, minor) => ({
        path: `models/${model}/versions/1.${minor}.0.yml`,
        content: recordText(model, minor, index * perModel + minor),
      })),
    ]),
  ]
}

const CONFIGURATION = `version: 1
branches: [main]
store: {artifacts: "file:.weighbridge/store"}
environments:
  - {name: production, manifests: deploy/production, policy: policies/production.yml}
`

function modelText(model: string): string {
  return `model: ${model}
task: binary
owner: data-science
features:
  - {name: tenure, type: number, min: 0, unit: months}
  - {name: plan, type: category, values: [basic, plus, pro]}
  - {name: age, type: number, nullable: true}
label: {name: churned, positive: 1}
sensitive: [sex]
columns: {id: row_id}
evaluation:
  data: {uri: "file:.weighbridge/store/${model}/exam.parquet", digest: "${digest(1)}", rows: 8000}
`
}

function recordText(model: string, minor: number, seed: number): string {
  return `model: ${model}
version: 1.${minor}.0
created: 2026-11-20T09:12:44Z
artifact:
  uri: "file:.weighbridge/store/${model}/1.${minor}.0/model.onnx"
  digest: "${digest(seed + 1000)}"
  size_bytes: 184320
  format: onnx
evaluation:
  reference: {uri: "file:.weighbridge/store/${model}/train.parquet", digest: "${digest(2)}", rows: 16000}
training:
  commit: 4b825dc642cb6eb9a060e54bf8d69288fbee4904
  parameters: {learning_rate: 0.02, epochs: ${minor + 1}}
  seed: 7
  data: [{name: customers, uri: "file:.weighbridge/store/${model}/customers-${minor}.parquet", digest: "${digest(seed + 100_000)}"}]
${minor === 0 ? '' : `parent: 1.${minor - 1}.0\n`}`
}

function manifestText(model: string, version: string): string {
  return `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: ${model}
  labels: {weighbridge.dev/model: ${model}}
  annotations: {weighbridge.dev/version: "${version}"}
spec:
  predictor:
    model:
      modelFormat: {name: onnx}
      storageUri: "file:.weighbridge/store/${model}/${version}/model.onnx"
`
}
