import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fixture } from './fixtures.ts'

export type SetName = 'compas' | 'elec2' | 'bike' | 'adult'

interface FixtureSet {
  readonly task: 'binary' | 'regression'
  readonly label: string
  readonly features: readonly {
    readonly name: string
    readonly type: 'number' | 'category'
    readonly nullable?: true
  }[]
  readonly sensitive: readonly string[]
  /** The exam and the training reference, below the test data. */
  readonly exam: string
  readonly train: string
}

const numbers = (names: string) => names.split(' ').map((name) => ({ name, type: 'number' as const }))
const categories = (names: string) =>
  names.split(' ').map((name) => ({ name, type: 'category' as const, nullable: true as const }))

/** What a model.yml needs to know of each set of the test data. */
export const SETS: Readonly<Record<SetName, FixtureSet>> = {
  compas: {
    task: 'binary',
    label: 'label',
    features: numbers('age sex_male juv_fel_count juv_misd_count juv_other_count priors_count charge_felony'),
    sensitive: ['race', 'sex'],
    exam: 'compas/evaluation.csv',
    train: 'compas/train.csv',
  },
  elec2: {
    task: 'binary',
    label: 'label',
    features: numbers('weekday period nswprice nswdemand vicprice vicdemand transfer'),
    sensitive: [],
    exam: 'elec2/evaluation.parquet',
    train: 'elec2/train.parquet',
  },
  bike: {
    task: 'regression',
    label: 'cnt',
    features: numbers('season mnth hr holiday weekday workingday weathersit temp atemp hum windspeed'),
    sensitive: [],
    exam: 'bike/evaluation.parquet',
    train: 'bike/train.parquet',
  },
  adult: {
    task: 'binary',
    label: 'label',
    features: [
      ...numbers('age education_num capital_gain capital_loss hours_per_week'),
      ...categories('workclass marital_status occupation relationship race sex'),
    ],
    sensitive: ['sex', 'race'],
    exam: 'adult/evaluation.parquet',
    train: 'adult/train.parquet',
  },
}

const read = new Map<string, Buffer>()

/** The bytes of a file of the test data, read once. */
export function fixtureBytes(path: string): Buffer {
  const known = read.get(path) ?? readFileSync(fixture(path))
  read.set(path, known)
  return known
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
