import { readFileSync } from 'node:fs'
import { shippedPolicies } from '../../src/adapters/shipped-policies.ts'
import type { ArtifactFacts, Evidence, EvidenceReader, EvidenceRequest } from '../../src/gates/evidence.ts'
import type { GateSubject, RecordFile } from '../../src/gates/gate.ts'
import { type Composed, type Composition, composePolicy } from '../../src/policy/compose.ts'
import { type PolicyFile, policyKind } from '../../src/policy/policy-file.ts'
import type { Change } from '../../src/registry/change.ts'
import type { Configuration } from '../../src/registry/configuration.ts'
import { readFile } from '../../src/registry/file-kind.ts'
import { configurationKind, modelKind, recordKind } from '../../src/registry/file-kinds.ts'
import { type Mistake, printMistake } from '../../src/registry/mistake.ts'
import type { Model } from '../../src/registry/model.ts'
import type { VersionRecord } from '../../src/registry/record.ts'

export const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`

/** A policy as it would stand in the repository; a mistake in it fails the test with its text. */
export function policyFile(path: string, text: string): PolicyFile {
  const reading = readFile(policyKind, path, text)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return { path, policy: reading.value, place: reading.place }
}

/** What people are told about a policy that can't be read. */
export function mistakesIn(text: string, path = 'policies/production.yml'): readonly string[] {
  const reading = readFile(policyKind, path, text)
  return (reading.ok ? reading.warnings : reading.mistakes).map(printMistake)
}

export const baselineText = readFileSync(new URL('../../policies/baseline.yml', import.meta.url), 'utf8')
export const shipped = shippedPolicies()

/** Composes policies given as texts by path; all of them apply unless `use` says which. */
export function compose(texts: Record<string, string>, more: Partial<Composition> = {}): Composed {
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, policyFile(path, text)]))
  return composePolicy({ files, shipped, use: [...files.keys()], ...more })
}

export const printed = (mistakes: readonly Mistake[]) => mistakes.map(printMistake)

function read<T>(kind: Parameters<typeof readFile<T>>[0], path: string, text: string): T {
  const reading = readFile(kind, path, text)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return reading.value
}

export const configuration: Configuration = read(
  configurationKind,
  '.github/weighbridge.yml',
  `version: 1
store: {artifacts: "file:store"}
environments:
  - {name: staging, manifests: deploy/staging, policy: policies/staging.yml}
  - {name: production, manifests: deploy/production, policy: policies/production.yml, after: staging}
`,
)

export const churn: Model = read(
  modelKind,
  'models/churn/model.yml',
  `model: churn
task: binary
features: [{name: tenure, type: number}, {name: age, type: number}]
label: {name: churned, positive: 1}
sensitive: [sex]
evaluation: {data: {uri: "file:eval.parquet", digest: "${digestOf('e')}"}, since: 2026-10-01}
`,
)

/** A version record; `extra` replaces whole fields. */
export function recordFile(version: string, extra: Partial<VersionRecord> = {}): RecordFile {
  const path = `models/churn/versions/${version}.yml`
  const text = `model: churn
version: ${version}
created: 2026-11-20T09:12:44Z
artifact: {uri: "file:store/churn/${version}/model.onnx", digest: "${digestOf('a')}"}
evaluation: {reference: {uri: "file:train.parquet", digest: "${digestOf('b')}"}}
`
  const reading = readFile(recordKind, path, text)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return { path, record: { ...reading.value, ...extra }, place: reading.place }
}

export const promotion: Change = {
  kind: 'promotion',
  path: 'deploy/production/churn.yml',
  model: 'churn',
  environment: 'production',
  from: '1.3.0',
  to: '1.4.0',
}

/** churn 1.3.0 -> 1.4.0 in production, with nothing wrong in the repository. */
export function weighing(more: Partial<GateSubject> = {}): GateSubject {
  const changes = [promotion]
  const environment = configuration.environments[1]!
  const place = { path: 'deploy/production/churn.yml', line: 1, column: 1 }
  return {
    change: promotion,
    configuration,
    environment,
    model: churn,
    candidate: recordFile('1.4.0', { parent: '1.3.0' }),
    incumbent: recordFile('1.3.0'),
    incumbentSource: 'served',
    exam: { data: churn.evaluation!.data, setBy: 'model' },
    rollback: false,
    now: '2026-11-18T12:00:00Z',
    registry: {
      mistakes: [],
      changes,
      parent: recordFile('1.3.0'),
      versions: ['1.3.0', '1.4.0'],
      firstDigest: null,
      conflicts: [],
      headExam: null,
      recordsConsidered: 2,
    },
    manifest: {
      documents: [
        {
          place,
          kind: 'InferenceService',
          name: 'churn',
          namespace: null,
          binding: 'bound',
          what: 'label, version and artifact agree',
          mend: '',
          target: 'kserve',
          model: 'churn',
          version: '1.4.0',
          uri: 'file:store/churn/1.4.0/model.onnx',
        },
      ],
      strays: [],
    },
    history: {
      liveInEarlier: { environment: 'staging', live: true, because: 'it stood in staging at 1234abcd' },
      firstHere: false,
    },
    drift: null,
    github: null,
    ...more,
  }
}

/** The same weighing with other facts of the registry. */
export function registered(more: Partial<GateSubject['registry']>, subject: GateSubject = weighing()): GateSubject {
  return { ...subject, registry: { ...subject.registry, ...more } }
}

export const soundArtifact: ArtifactFacts = {
  digest: digestOf('a'),
  size_bytes: 1000,
  format: 'onnx',
  onnx: {
    ir_version: 8,
    opsets: { '': 17 },
    producer: 'skl2onnx',
    inputs: [],
    outputs: [],
    operators: { TreeEnsembleClassifier: 1 },
    parameters: 0,
  },
  problems: [],
}

type Answers = (request: EvidenceRequest) => Evidence | undefined

/** Evidence of sound artifacts; whatever else is asked for is missing, unless `answers` has it. */
export function evidenceOf(answers: Answers = () => undefined): EvidenceReader {
  const of = (request: EvidenceRequest): Evidence =>
    answers(request) ??
    (request.kind === 'artifact'
      ? present(soundArtifact)
      : { kind: request.kind, status: 'missing', key: 'k', because: 'The table is not there.', mend: 'Restore it.' })
  return { of: of as EvidenceReader['of'] }
}

export function present(facts: ArtifactFacts, cache: 'computed' | 'sealed' | 'not-ours' = 'computed'): Evidence {
  return { kind: 'artifact', status: 'present', key: 'k', facts, cache }
}
