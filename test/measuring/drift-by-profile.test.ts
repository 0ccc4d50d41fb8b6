import { expect, test } from 'vitest'
import { driftRequest } from '../../src/gates/drift.ts'
import type { DriftRequest } from '../../src/gates/evidence.ts'
import { gatherDrift } from '../../src/jobs/gather-drift.ts'
import type { Job } from '../../src/jobs/job.ts'
import { examineProfiles } from '../../src/profiles/drift-of-profiles.ts'
import { unsureColumns } from '../../src/profiles/unsure-columns.ts'
import type { Feature } from '../../src/registry/model.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { modelWith, subjectWith } from '../gates/measuring-world.ts'
import { profileOfNumbers } from '../profiles/profiles.ts'
import { driftGround } from '../support/drift-job.ts'
import { fixture } from '../support/fixtures.ts'

const DIGEST = `sha256:${'7'.repeat(64)}`
const FEATURES: readonly Feature[] = [
  ...['age', 'fnlwgt', 'hours_per_week', 'capital_gain', 'education_num'].map((name) => ({
    name,
    type: 'number' as const,
  })),
  { name: 'sex', type: 'category', values: ['Female', 'Male'] },
  { name: 'workclass', type: 'category' },
]

/** A job that keeps what it is told to, and counts how often the reference is read. */
function openJobs() {
  const ground = driftGround()
  const [kept, read] = [new Map<string, unknown>(), { reference: 0 }]
  const evidence = {
    get: async (key: string) => (kept.has(key) ? { status: 'sealed', document: kept.get(key) } : { status: 'absent' }),
    put: async (key: string, document: unknown) => void kept.set(key, JSON.parse(JSON.stringify(document))),
  }
  const gathered = (window: string, request: Partial<DriftRequest>) => {
    const current = ground.source(fixture(`adult/production/${window}.parquet`))
    const files = {
      table: async () => {
        read.reference++
        return ground.source(fixture('adult/train.parquet'))
      },
      verified: async () => current.files[0]!,
    }
    const once = (_: string, compute: () => unknown) => compute()
    const job = { tables: ground.tables, files, limits: {}, evidence, once, engine: 'w', progress: () => {} }
    const reference = { uri: 'file:train.parquet', digest: DIGEST }
    const asked = {
      kind: 'drift',
      reference,
      current: [{ uri: 'file:w.parquet', digest: DIGEST }],
      test: 'default',
    } as const
    return gatherDrift({ ...asked, columns: FEATURES, min_effect: 0.05, ...request }, job as unknown as Job)
  }
  return { gathered, read }
}

test('the profile of a large reference is made once and stands in for its rows: the decisions are theirs, the scores nearly', async () => {
  const { gathered, read } = openJobs()
  const profile = { features: [...FEATURES], sensitive: undefined, label: undefined, columns: undefined }
  for (const window of ['w01', 'w03', 'w06']) {
    const rows = await gathered(window, {})
    const before = read.reference
    const profiled = await gathered(window, { profile })

    // The first time for the profile; a category without declared values is in no profile, and read
    expect(read.reference - before).toBe(window === 'w01' ? 2 : 1)
    expect(profiled.profiled!.columns).toBeGreaterThanOrEqual(5)
    expect(profiled.dataset).toEqual(rows.dataset)
    for (const [index, column] of profiled.columns.entries()) {
      const { is_drifted, score, missing_share } = rows.columns[index]!
      expect(column).toMatchObject({ column: rows.columns[index]!.column, is_drifted, missing_share })
      expect(Math.abs(column.score! - score!)).toBeLessThanOrEqual(profiled.profiled!.error + 1e-12)
    }
  }
  const before = read.reference
  await gathered('w03', { profile, columns: FEATURES.slice(0, 3) })
  expect(read.reference).toBe(before)
})

test('a column whose decision hangs on the error of its profile is read from rows', () => {
  const draw = pcg32(4, 0)
  const made = (rows: number, off: number) => Array.from({ length: rows }, () => draw.uniform() ** 3 * 1e4 + off)
  const examined = examineProfiles(profileOfNumbers(made(40_000, 1)), profileOfNumbers(made(40_000, 30)))
  const { score } = examined.contestant!.statistics
  const error = examined.errors.ks!

  expect(error).toBeGreaterThan(0)
  const unsureAt = (min_effect: number) => unsureColumns([examined], { test: 'default', min_effect })
  expect([score - 1.1 * error, score, score + 1.1 * error].map(unsureAt)).toEqual([[], [0], []])
  expect(unsureColumns([examined], { test: 'ks', min_effect: 0, max: score })).toEqual([0])
  expect(unsureColumns([{ ...examined, errors: { ks: null } }], { test: 'default', min_effect: 0.5 })).toEqual([0])
})

test('the gate asks for a profile where the reference has a million rows, and for rows where windows of time count', () => {
  const { record } = subjectWith().candidate
  const withRows = (rows: number) => {
    const reference = { ...record.evaluation.reference, rows }
    const candidate = {
      ...subjectWith().candidate,
      record: { ...record, evaluation: { ...record.evaluation, reference } },
    }
    const drift = { status: 'found' as const, partitions: [], from: '2026-11-11', until: '2026-11-17' }
    return subjectWith({ candidate, drift, model: modelWith({ columns: { time: 'ts' } }) })
  }

  expect(driftRequest(withRows(1_000_000), {})).toHaveProperty('profile.features')
  expect(driftRequest(withRows(999_999), {})).not.toHaveProperty('profile')
  expect(driftRequest(withRows(1_000_000), { calibrate: 'windows' })).not.toHaveProperty('profile')
})
