import type { Environment } from '../../src/registry/configuration.ts'
import type { VersionRecord } from '../../src/registry/record.ts'
import { readEnvironment } from '../../src/serving/closed-environment.ts'
import type { EnvironmentDocument, SourceFile } from '../../src/serving/manifest.ts'

export const store = { artifacts: 's3://acme-models/registry' }
export const uriOf = (model: string, version: string) => `${store.artifacts}/${model}/${version}/model.onnx`

export function environment(more: Partial<Environment> = {}): Environment {
  return { name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml', ...more }
}

export function record(model: string, version: string, more: Partial<VersionRecord> = {}): VersionRecord {
  const digest = `sha256:${'9f'.repeat(32)}`
  return {
    model,
    version,
    created: '2026-11-20T09:12:44Z',
    artifact: { uri: uriOf(model, version), digest },
    evaluation: { reference: { uri: 's3://acme-data/churn/train.parquet', digest } },
    ...more,
  }
}

/** churn 1.3.0 to 1.5.0 and fraud 2.0.0 are recorded; nothing else is. */
const records = [record('churn', '1.3.0'), record('churn', '1.4.0'), record('churn', '1.5.0'), record('fraud', '2.0.0')]
export const findRecord = (model: string, version: string) =>
  records.find((known) => known.model === model && known.version === version)

interface Service {
  readonly name?: string
  readonly model?: string
  readonly version?: string
  readonly uri?: string
  /** Lines of the predictor, six spaces deep. */
  readonly predictor?: string
}

/** A KServe manifest as a user writes it, comments and all. */
export function inferenceService(given: Service = {}): string {
  const { model = 'churn', version = '1.4.0', name = model, uri = uriOf(model, version), predictor = '' } = given
  return `# Serves ${model}; see the runbook.
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: ${name}
  labels:
    weighbridge.dev/model: ${model}
  annotations:
    weighbridge.dev/version: ${version}
spec:
  predictor:
    minReplicas: 1
    model:
      modelFormat: {name: onnx}   # Triton
      protocolVersion: v2
      storageUri: ${uri}
${predictor}`
}

export function deployment(given: Service = {}): string {
  const { model = 'churn', version = '1.4.0', name = model, uri = uriOf(model, version) } = given
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {weighbridge.dev/model: ${model}}
  annotations: {weighbridge.dev/version: "${version}"}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: server
          image: ghcr.io/acme/server@sha256:${'ab'.repeat(32)}
          env:
            - {name: LOG_LEVEL, value: info}
            - {name: MODEL_URI, value: "${uri}"}
`
}

export type Tree = Readonly<Record<string, string | SourceFile>>

/** What an environment of these files holds; paths are below deploy/production unless they begin with a slash. */
export function read(tree: Tree, more: Partial<Environment> = {}): readonly EnvironmentDocument[] {
  return readEnvironment({ environment: environment(more), files: filesOf(tree), store, findRecord })
}

export function filesOf(tree: Tree): ReadonlyMap<string, SourceFile> {
  return new Map(
    Object.entries(tree).map(([path, file]) => [
      path.startsWith('/') ? path.slice(1) : `deploy/production/${path}`,
      typeof file === 'string' ? { mode: '100644', text: file } : file,
    ]),
  )
}

/** The one document that a tree holds. */
export function readOne(tree: Tree, more: Partial<Environment> = {}): EnvironmentDocument {
  const documents = read(tree, more)
  if (documents.length !== 1) throw new Error(`expected one document, found ${documents.length}`)
  return documents[0]!
}
