import { readFileSync } from 'node:fs'
import type { ArtifactRequest } from '../../../src/gates/evidence.ts'
import type { Column, LocalFile, ModelLimits } from '../../../src/ports.ts'
import { fixture } from '../../support/fixtures.ts'
import { columnsOf } from '../../support/rows.ts'
import { digestOf } from './tiny-model.ts'

export const LIMITS: ModelLimits = { timeoutMs: 30_000, memoryMb: 1024 }

/** A file of the test data as the store would hand it over. */
export function fetched(path: string): LocalFile {
  const bytes = readFileSync(fixture(path))
  return { path: fixture(path), digest: digestOf(bytes), size_bytes: bytes.length }
}

/** Asks about an artifact whose record is right unless `record` says otherwise. */
export function requestFor(
  file: LocalFile,
  record: Partial<ArtifactRequest['subject']> = {},
  maxBytes = 50_000_000,
): ArtifactRequest {
  const artifact = { uri: 's3://acme-models/m/1.0.0/model.onnx', digest: file.digest, size_bytes: file.size_bytes }
  return { kind: 'artifact', subject: { model: 'm', version: '1.0.0', artifact, ...record }, max_bytes: maxBytes }
}

/** Plain values as a column: text becomes a category. */
export function columnOf(values: readonly (number | string | null)[]): Column {
  if (values.every((value) => typeof value !== 'string'))
    return {
      type: 'number',
      values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
      nulls: Uint8Array.from(values, (value) => Number(value === null)),
    }
  const names = [...new Set(values.filter((value) => value !== null).map(String))]
  return {
    type: 'category',
    values: names,
    codes: Int32Array.from(values, (value) => (value === null ? -1 : names.indexOf(String(value)))),
  }
}

/** Feature columns of an evaluation table, read once. */
export async function featuresOf(path: string, names: readonly string[]): Promise<Map<string, Column>> {
  const columns = await columnsOf(path, names)
  return new Map(names.map((name) => [name, columnOf(columns[name]!)]))
}

export function catalogue(set: string): {
  readonly features: readonly string[]
  readonly versions: Record<string, { file: string }>
} {
  return JSON.parse(readFileSync(fixture(`${set}/models/models.json`), 'utf8'))
}
