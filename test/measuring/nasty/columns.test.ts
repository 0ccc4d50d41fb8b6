import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureDriftOfTables } from '../../../src/jobs/measure/drift.ts'
import { mergedDocument } from '../../../src/jobs/measure/merge-profiles.ts'
import { profileOfTable } from '../../../src/jobs/measure/profile.ts'
import { profileText } from '../../../src/jobs/measure/profile-files.ts'
import { measureQualityOf } from '../../../src/jobs/measure/quality.ts'
import type { Named } from '../../../src/profiles/merge-profiles.ts'
import { parseProfile } from '../../../src/profiles/parse-profile.ts'
import type { ProfileDocument } from '../../../src/profiles/profile-document.ts'
import { driftPage } from '../../../src/report/measured/drift-page.ts'
import { profilePage } from '../../../src/report/measured/profile-page.ts'
import { qualityPage } from '../../../src/report/measured/quality-page.ts'
import { type Dice, diceOf } from '../../support/dice.ts'
import { DRIFT_ASK } from '../../support/drift-job.ts'
import { type NastyTable, nastyTable, type Role } from '../../support/nasty-tables.ts'
import { ODD_NAMES } from '../../support/odd-values.ts'
import { FORMATS } from '../../support/spelled-tables.ts'
import { type NastyWorld, nastyWorld, ofManyTables, soundAnswer } from './nasty-world.ts'
import { SCORED } from './scored-tables.ts'

let world: NastyWorld
beforeAll(async () => {
  world = await nastyWorld()
})
afterAll(() => world.close())

const ROLES: readonly Role[] = ['feature', 'feature', 'feature', 'group', 'time', 'unit', 'label']

/** Columns of every kind; a third of the tables have names to trip over. */
function anyColumns(dice: Dice): Readonly<Record<string, Role>> {
  const from = dice.below(ODD_NAMES.length)
  const isOdd = dice() < 0.3
  const nameOf = (place: number) => (isOdd ? ODD_NAMES[(from + place) % ODD_NAMES.length]! : `column ${place}`)
  return Object.fromEntries(ROLES.map((role, place) => [nameOf(place), role]))
}

const PRESETS = [undefined, undefined, 'evidently', 'nannyml', 'deepchecks', 'alibi'] as const

async function driftHolds(seed: number): Promise<string> {
  const dice = diceOf(seed)
  const columns = anyColumns(dice)
  const [reference, current] = [0, 1].map(() => nastyTable(dice, { columns, nasty: 0.7 })) as [NastyTable, NastyTable]
  const sources = {
    reference: await world.put(reference, dice.pick(FORMATS)),
    current: await world.put(current, dice.pick(FORMATS)),
  }
  const ask = { ...DRIFT_ASK, statistics: 'all' as const, preset: dice.pick(PRESETS) }

  const page = (it: Awaited<ReturnType<typeof measureDriftOfTables>>) => driftPage(it, { reference: 'r', current: 'c' })
  const job = measureDriftOfTables(ask, { tables: world.tables, ...sources })
  const document = await soundAnswer(job, page, [reference, current])

  if (document === null) return 'refused'
  expect(document.rows).toEqual({ reference: reference.rows, current: current.rows })
  const said = new Set(document.warnings.map(({ column }) => column))
  const shown = new Set(document.columns.map(({ column }) => column))
  for (const name of Object.keys(columns)) expect(shown.has(name) || said.has(name), `${name} is spoken of`).toBe(true)
  for (const { column, score, is_drifted, unseen_values, findings } of document.columns) {
    if (score === null || is_drifted === null) expect(said.has(column), `why ${column} is not decided`).toBe(true)
    // texts that are all numbers are numbers to CSV, and that is said
    const isOther = findings.some(({ code }) => code === 'type-changed')
    if (current.columns.get(column)!.kind !== 'text' || isOther) continue
    for (const value of unseen_values) expect(current.columns.get(column)!.cells, column).toContain(value)
  }
  return 'answered'
}

test('drift decides, or says why it does not, for every column of any two tables', async () => {
  expect(await ofManyTables(24, driftHolds)).toEqual({ answered: expect.any(Number) })
})

async function qualityHolds(seed: number): Promise<string> {
  const dice = diceOf(seed)
  const columns = { ...SCORED, ...anyColumns(dice), time: 'time' } as const
  const table = nastyTable(dice, { columns, nasty: 0.6 })
  const reference = dice() < 0.3 ? nastyTable(dice, { columns, nasty: 0.4 }) : null
  const some = (name: string) => (dice() < 0.5 ? name : null)
  const ask = {
    data: await world.put(table, dice.pick(FORMATS)),
    reference: reference && (await world.put(reference, dice.pick(FORMATS))),
    model: null,
    id: some('id'),
    label: some('label'),
    time: some('time'),
    prediction: some('prediction'),
    score: some('score'),
    engine: 'test',
  }

  const page = (it: Awaited<ReturnType<typeof measureQualityOf>>) =>
    qualityPage(it, { data: 'd', reference: null, model: null })
  const document = await soundAnswer(measureQualityOf(ask, world.tables), page, [table, reference ?? table])

  if (document === null) return 'refused'
  expect(document.rows).toBe(table.rows)
  for (const { missing, missing_share, distinct, column, type } of document.columns) {
    expect(missing_share, column).toBeCloseTo(missing / table.rows, 12)
    if (type !== 'category') continue
    const cells = table.columns.get(column)!.cells.filter((cell) => cell !== null)
    expect(missing, `${column}: missing`).toBe(table.rows - cells.length)
    expect(distinct, `${column}: texts that are spelled differently are different`).toBe(new Set(cells).size)
  }
  return 'answered'
}

test('quality counts what is missing and what is different by the exact spelling, in any table', async () => {
  expect(await ofManyTables(7, qualityHolds)).toEqual({ answered: expect.any(Number) })
})

/** Some of the rows of a table, in another order. */
function someRows(dice: Dice, { rows, columns }: NastyTable): NastyTable {
  const from = Array.from({ length: 1 + dice.below(2 * rows) }, () => dice.below(rows))
  const moved = [...columns].map(([name, column]) => {
    return [name, { ...column, cells: from.map((row) => column.cells[row]!) }] as const
  })
  return { rows: from.length, columns: new Map(moved) }
}

async function profiled(dice: Dice, table: NastyTable): Promise<ProfileDocument | null> {
  const ask = { data: await world.put(table, dice.pick(FORMATS)), columns: null, model: null, reference: null }
  const job = profileOfTable({ ...ask, engine: 'test' }, world.tables, () => {})
  return soundAnswer(job, (it) => profilePage(it, 't'), [table])
}

function mustCountEveryRow({ rows, columns }: ProfileDocument, table: NastyTable): void {
  expect(rows).toBe(table.rows)
  for (const column of columns) {
    if (!('values' in column)) continue
    const { kind, cells } = table.columns.get(column.column)!
    const counted = column.values.reduce((sum, one) => sum + one.rows, 0) + column.others + column.missing
    expect(counted, column.column).toBe(table.rows)
    if (kind === 'text' && column.type === 'category')
      for (const { value } of column.values) expect(cells, column.column).toContain(value)
  }
}

async function profilesHold(seed: number): Promise<string> {
  const dice = diceOf(seed)
  const table = nastyTable(dice, { columns: anyColumns(dice), nasty: 0.7 })
  const tables = [table, someRows(dice, table)]
  const profiles: Named[] = []
  for (const one of tables) {
    const document = await profiled(dice, one)
    if (document === null) return 'refused'
    mustCountEveryRow(document, one)
    const text = profileText(document)
    profiles.push({ called: 'p', profile: parseProfile(text, 'p.json') })
    expect(profileText(JSON.parse(text)), 'what is written says the same').toBe(text)
  }

  const all = async function* () {
    yield* profiles
  }
  const merged = await soundAnswer(mergedDocument(all(), 'test'), (it) => profilePage(it, 't'), tables)

  if (merged === null) return 'not merged'
  expect(merged.rows).toBe(table.rows + tables[1]!.rows)
  return 'merged'
}

test('profile counts every row of any table, and what it writes can be read and merged again', async () => {
  const answers = await ofManyTables(12, profilesHold)

  expect(answers.refused).toBeUndefined()
  expect(answers.merged).toBeGreaterThan(4)
})
