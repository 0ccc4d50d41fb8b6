import type { NewFile } from '../../src/adapters/checkout/new-repository.ts'
import { fixtureBytes } from './fixture-sets.ts'
import {
  configurationFile,
  type Fields,
  manifestFile,
  modelFile,
  policyFile,
  STORE,
  storedTable,
  versionFiles,
} from './registry-files.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** What the versions of the story's model are. 1.1.1 bears the digest of 1.1.0, and other bytes lie in the store. */
export const BETTER = '1.1.0'
export const UNFAIR = '1.2.0'
export const WORSE = '1.3.0'
/** Scores as 1.1.0 does; its bytes are others. */
export const ALSO_BETTER = '1.4.0'
export const TAMPERED = '1.1.1'
const VERSIONS = ['1.0.0', BETTER, UNFAIR, WORSE]

export const MODEL = 'adult'
export const MANIFEST = 'deploy/production/adult.yml'

/** The rules of production: 1.1.0 and 1.4.0 keep to them. */
export const RULES: Fields = {
  extends: 'weighbridge/baseline',
  gates: {
    metrics: [
      { metric: 'roc_auc', min: 0.85 },
      { metric: 'roc_auc', against: 'incumbent', max_drop: 0.01, confidence: 0.9 },
    ],
    fairness: [{ across: 'sex', metric: 'disparate_impact', min: 0.5 }],
  },
}

export const ROLES: Fields = {
  approver: { teams: ['ml'] },
  promoter: { teams: ['ml'] },
  policy: { teams: ['risk'] },
  oncall: { teams: ['oncall'] },
}

/** The same, and what passes is merged. */
export const AUTOMATIC: Fields = { ...RULES, merge: { automatic: true } }

/** The manifest of an environment, as it serves a version. */
export function serves(version: string, environment = 'production'): Readonly<Record<string, string>> {
  return textFiles([manifestFile(MODEL, version, environment)])
}

export function policy(rules: Fields, name = 'production'): Readonly<Record<string, string>> {
  return textFiles([policyFile(rules, name)])
}

export function configuration(more: Fields = {}): Readonly<Record<string, string>> {
  return textFiles([configurationFile({ roles: ROLES, ...more })])
}

/** Records and model.yml: what a repository of models holds. */
export function models(): Files {
  const files = [modelFile(MODEL), ...allVersions(), tampered()]
  return filesOf(files.filter(({ path }) => !path.startsWith(STORE)))
}

/** Artifacts and tables, by path below the root of `file:`. */
export function storeFiles(): readonly NewFile[] {
  const changed = Uint8Array.from(fixtureBytes(`adult/models/${BETTER}.onnx`))
  changed[changed.length >> 1]! ^= 1
  return [
    ...allVersions(),
    storedTable('adult/evaluation.parquet').file,
    storedTable('adult/train.parquet').file,
    { path: `${STORE}/${MODEL}/${TAMPERED}/model.onnx`, content: changed },
  ].filter(({ path }) => path.startsWith(STORE))
}

function allVersions(): readonly NewFile[] {
  const bytes = Buffer.concat([fixtureBytes(`adult/models/${BETTER}.onnx`), DOC_STRING])
  return [
    ...VERSIONS.flatMap((version) => versionFiles({ set: MODEL, version })),
    ...versionFiles({ set: MODEL, version: ALSO_BETTER, bytes }),
  ]
}

/** `doc_string: "again"` of an ONNX file: a field that may be appended and changes no score. */
const DOC_STRING = Buffer.from([0x32, 5, ...Buffer.from('again')])

/** Who swapped the bytes did not touch the record. */
function tampered(): NewFile {
  const bytes = fixtureBytes(`adult/models/${BETTER}.onnx`)
  const files = versionFiles({ set: MODEL, version: TAMPERED, bytes })
  const record = files.find(({ path }) => path.startsWith('models/'))
  if (record === undefined) throw new Error('a version has a record')
  return record
}

export function filesOf(files: readonly NewFile[]): Files {
  return Object.fromEntries(files.map(({ path, content }) => [path, content]))
}

function textFiles(files: readonly NewFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map(({ path, content }) => [path, content.toString()]))
}
