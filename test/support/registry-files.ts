import type { NewFile } from '../../src/adapters/checkout/new-repository.ts'
import { digestOf, fixtureBytes, SETS, type SetName } from './fixture-sets.ts'

/** Files of a registry as objects: YAML reads JSON, and tests can change any key of an object. */
export type Fields = Readonly<Record<string, unknown>>

export const STORE = '.weighbridge/store'

export function yaml(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** A table or artifact of the store, and how files refer to it. */
export interface Stored {
  readonly file: NewFile
  readonly reference: { readonly uri: string; readonly digest: string }
}

export function stored(path: string, content: Uint8Array | string): Stored {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return {
    file: { path: `${STORE}/${path}`, content: bytes },
    reference: { uri: `file:${STORE}/${path}`, digest: digestOf(bytes) },
  }
}

/** A fixture table, kept in the store under its own path. */
export function storedTable(path: string): Stored {
  return stored(`data/${path}`, fixtureBytes(path))
}

/** `.github/weighbridge.yml` with one environment, production, and a role for everything. */
export function configurationFile(more: Fields = {}): NewFile {
  const roles = { approver: { teams: ['ml'] }, policy: { teams: ['risk'] }, promoter: { teams: ['ml'] } }
  const environments = [{ name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml' }]
  const content = yaml({
    version: 1,
    branches: ['main'],
    store: { artifacts: `file:${STORE}` },
    environments,
    roles,
    ...more,
  })
  return { path: '.github/weighbridge.yml', content }
}

export function policyFile(policy: Fields, name = 'production'): NewFile {
  return { path: `policies/${name}.yml`, content: yaml(policy) }
}

export function modelFields(set: SetName, model: string = set): Fields {
  const { task, label, features, sensitive, exam } = SETS[set]
  return {
    model,
    task,
    owner: 'ml',
    description: `A model on ${set}.`,
    features,
    label: { name: label, ...(task === 'binary' ? { positive: 1 } : {}) },
    ...(sensitive.length === 0 ? {} : { sensitive }),
    columns: { id: 'row_id' },
    evaluation: { data: storedTable(exam).reference },
  }
}

export function modelFile(set: SetName, more: Fields = {}, model: string = set): NewFile {
  return { path: `models/${model}/model.yml`, content: yaml(without({ ...modelFields(set, model), ...more })) }
}

export interface NewVersion {
  readonly set: SetName
  readonly version: string
  readonly model?: string
  /** The artifact; default the version's own of the test data. */
  readonly bytes?: Uint8Array
  readonly record?: Fields
}

/** A record and its artifact. */
export function versionFiles({ set, version, model = set, bytes, record = {} }: NewVersion): readonly NewFile[] {
  const content = bytes ?? fixtureBytes(`${set}/models/${version}.onnx`)
  const artifact = stored(`${model}/${version}/model.onnx`, content)
  const { features, exam, train } = SETS[set]
  const fields = {
    model,
    version,
    created: '2026-10-01T08:00:00Z',
    artifact: { ...artifact.reference, size_bytes: content.length, format: 'onnx' },
    features: features.map((feature) => feature.name),
    evaluation: { data: storedTable(exam).reference, reference: storedTable(train).reference },
    training: { parameters: { algorithm: `algorithm-${version}` }, seed: 7 },
    ...record,
  }
  return [artifact.file, { path: recordPath(model, version), content: yaml(without(fields)) }]
}

export function recordPath(model: string, version: string): string {
  return `models/${model}/versions/${version}.yml`
}

/** A KServe InferenceService that serves one version. */
export function manifestFile(model: string, version: string, environment = 'production', more: Fields = {}): NewFile {
  const content = yaml({
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      name: model,
      namespace: environment,
      labels: { 'weighbridge.dev/model': model },
      annotations: { 'weighbridge.dev/version': version },
    },
    spec: {
      predictor: {
        model: {
          modelFormat: { name: 'onnx' },
          protocolVersion: 'v2',
          storageUri: `file:${STORE}/${model}/${version}/model.onnx`,
          ...more,
        },
      },
    },
  })
  return { path: manifestPath(model, environment), content }
}

export function manifestPath(model: string, environment = 'production'): string {
  return `deploy/${environment}/${model}.yml`
}

/** Keys set to undefined are taken out. */
function without(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
