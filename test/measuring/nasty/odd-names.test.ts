import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shippedPolicies } from '../../../src/adapters/shipped-policies.ts'
import { judgePredictions } from '../../../src/jobs/judge-predictions.ts'
import { compareTables } from '../../../src/jobs/measure/compare-predictions.ts'
import { measureDriftOfTables } from '../../../src/jobs/measure/drift.ts'
import { explainModel } from '../../../src/jobs/measure/explain.ts'
import { measureFairnessTable } from '../../../src/jobs/measure/fairness.ts'
import { measureTable } from '../../../src/jobs/measure/metrics.ts'
import { profileOfTable } from '../../../src/jobs/measure/profile.ts'
import { measureQualityOf } from '../../../src/jobs/measure/quality.ts'
import { policyFromFile } from '../../../src/jobs/policy-from-file.ts'
import type { TableSource } from '../../../src/ports.ts'
import { catalogue, fetched, LIMITS } from '../../adapters/onnx/fixture-models.ts'
import { diceOf } from '../../support/dice.ts'
import { DRIFT_ASK } from '../../support/drift-job.ts'
import { PLAIN } from '../../support/measured-tables.ts'
import { type NastyTable, nastyTable, type Role } from '../../support/nasty-tables.ts'
import { FORMATS } from '../../support/spelled-tables.ts'
import { answered, mustBeSound, type NastyWorld, nastyWorld } from './nasty-world.ts'

let world: NastyWorld
beforeAll(async () => {
  world = await nastyWorld()
})
afterAll(() => world.close())

const FEATURES = catalogue('compas').features
const ROLES: Readonly<Record<string, Role>> = {
  label_column: 'label',
  score_column: 'score',
  id_column: 'id',
  group_column: 'group',
  time_column: 'time',
  ...Object.fromEntries(FEATURES.map((name) => [name, 'feature'])),
}
/** What objects of a program have anyway: a careless one finds it there, or loses what it keeps there. */
const ODD = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'isPrototypeOf']
const PLAIN_NAMES = Object.keys(ROLES)
/** Each column by another name: those that matter by odd ones, the rest as they are. */
const ODD_NAMES = new Map(PLAIN_NAMES.map((name, place) => [name, ODD[place] ?? name]))

type Named = (name: string) => string
const odd: Named = (name) => ODD_NAMES.get(name) ?? name
const plain: Named = (name) => name

function renamed({ rows, columns }: NastyTable, name: Named): NastyTable {
  return { rows, columns: new Map([...columns].map(([called, column]) => [name(called), column])) }
}

/** Every command that reads a table, over one whose columns are called so. */
const JOBS: Readonly<Record<string, (source: TableSource, name: Named) => Promise<object>>> = {
  metrics: (source, name) => measureTable({ ...scored(name), source, slices: [name('group_column')] }, world.tables),
  'compare-predictions': (source, name) => compareTables({ ...scored(name), a: source, b: source }, world.tables),
  fairness: (data, name) =>
    measureFairnessTable(
      {
        ...{ ...scored(name), data, task: 'binary', minRows: 1, minCell: null },
        across: [[name('group_column')], [name('group_column'), name(FEATURES[0]!)]],
        privileged: new Map([[name('group_column'), 'a']]),
        limits: new Map(),
      },
      world.tables,
    ),
  drift: (current) =>
    measureDriftOfTables({ ...DRIFT_ASK, statistics: 'all' }, { tables: world.tables, reference: current, current }),
  quality: (data, name) =>
    measureQualityOf(
      {
        ...{ data, reference: data, model: null, engine: 'test', prediction: null, score: name('score_column') },
        ...{ id: name('id_column'), label: name('label_column'), time: name('time_column') },
      },
      world.tables,
    ),
  profile: (data) =>
    profileOfTable({ data, columns: null, model: null, reference: null, engine: 'test' }, world.tables, () => {}),
  judge: async (candidate, name) => {
    const policy = await policyFromFile(null, shippedPolicies())
    const ask = {
      ...scored(name),
      task: 'binary' as const,
      sensitive: [name('group_column')],
      now: '2026-01-01T00:00:00Z',
    }
    const composed = 'composed' in policy ? policy.composed : expect.fail('the policy has mistakes')
    return judgePredictions({ ...ask, candidate, incumbent: candidate }, composed, world.tables)
  },
  explain: (data, name) =>
    explainModel({
      ...{ tables: world.tables, runner: world.runner, limits: LIMITS, engine: 'test', progress: () => {} },
      ...{ model: fetched('compas/models/1.0.0.onnx'), words: { features: FEATURES.map(name) } },
      ...{ data, background: data, label: name('label_column'), positive: 1, repeats: 2, seed: 0, sample: 2000 },
      dependence: [name(FEATURES.at(-1)!)],
    }),
}

function scored(name: Named) {
  return { ...PLAIN, label: name('label_column'), score: name('score_column'), id: name('id_column') }
}

/** What was said, with the names that tables usually have; lists in an order that names do not change. */
function told(document: object | null): unknown {
  const back = [...ODD_NAMES].reduce(
    (text, [usual, name]) => {
      return usual === name ? text : text.replaceAll(new RegExp(`(?<![A-Za-z_])${name}(?![A-Za-z_])`, 'g'), usual)
    },
    JSON.stringify(document).replaceAll(/nasty-\d+/g, 'nasty'),
  )
  return JSON.parse(back, (_, value) =>
    Array.isArray(value)
      ? value.map((one) => JSON.stringify(one)).sort()
      : value !== null && typeof value === 'object'
        ? sorted(value)
        : value,
  )
}

/** The same without its numbers: which columns are spoken of, and how. */
function numberless(document: object | null): unknown {
  const isNumber = (value: unknown) => typeof value === 'number' || value === null
  return told(JSON.parse(JSON.stringify(document, (_, value) => (isNumber(value) ? 0 : value))))
}

const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Chance is drawn for each column by its name, so other names draw other numbers. */
const BY_NAME = ['explain']

describe.each(Object.entries(JOBS))('%s', (command, measure) => {
  test('says the same of columns called __proto__ and constructor as of others', async () => {
    const table = nastyTable(diceOf(7), { columns: ROLES, nasty: 0, rows: 90 })

    const usual = await answered(measure(await world.put(table, 'parquet'), plain))
    const strange = await answered(measure(await world.put(renamed(table, odd), 'parquet'), odd))

    expect(usual).not.toBeNull()
    mustBeSound(strange)
    const said = BY_NAME.includes(command) ? numberless : told
    expect(said(strange)).toEqual(said(usual))
  })

  test('answers or refuses a table without rows, in every format, and names no number that is none', async () => {
    const table = nastyTable(diceOf(7), { columns: ROLES, nasty: 0, rows: 0 })

    for (const format of FORMATS)
      for (const name of [plain, odd]) {
        const document = await answered(measure(await world.put(renamed(table, name), format), name))

        if (document !== null) mustBeSound(document)
      }
  })
})
