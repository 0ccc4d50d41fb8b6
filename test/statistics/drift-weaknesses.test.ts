import { expect, test } from 'vitest'
import type { DriftInput, DriftMeasured } from '../../src/statistics/drift-column.ts'
import { datasetDrift } from '../../src/statistics/drift-dataset.ts'
import { examine } from '../../src/statistics/drift-examination.ts'
import { PRESET_ANSWERS } from '../../src/statistics/drift-presets.ts'
import { windowsOf } from '../../src/statistics/drift-windows.ts'
import { decideDrift, measureDrift } from '../../src/statistics/measure-drift.ts'
import { DEEP, drawsFor, shareOf } from './draws.ts'
import { categories, normals, numbers, windows } from './windows.ts'

/** Where the usual tools alarm on nothing or miss what matters; each case as it was measured on them. */
const DEFAULT = { test: 'default', min_effect: 0.05 } as const
const only = (input: DriftInput) => measureDrift({ columns: [input], ...DEFAULT }).columns[0]!
const codes = ({ notes }: DriftMeasured) => notes.map(({ code }) => code)
const evidently = (input: DriftInput) => PRESET_ANSWERS.evidently({ windows: windowsOf(input)!, blocks: [] })
const times = (rows: number, value: string) => new Array<string>(rows).fill(value)

/** Categories with shares 0.4, 0.3, 0.15, 0.1 and 0.05. */
function drawn(rows: number, uniform: () => number): string[] {
  const place = (u: number) => (u < 0.4 ? 'a' : u < 0.7 ? 'b' : u < 0.85 ? 'c' : u < 0.95 ? 'd' : 'e')
  return Array.from({ length: rows }, () => place(uniform()))
}

test('categories that did not change are rarely called drifted, however long the current window (C1, C2)', () => {
  const { uniform } = drawsFor('C1')
  for (const current of [500, 5000]) {
    const repeats = DEEP ? 1000 : current === 500 ? 200 : 60
    const rejects = { ours: 0, drifted: 0, evidently: 0 }
    for (let repeat = 0; repeat < repeats; repeat++) {
      const input = windows('c', 'category', drawn(500, uniform), drawn(current, uniform))
      const column = only(input)
      if (column.p_value! < 0.05) rejects.ours++
      if (column.is_drifted) rejects.drifted++
      if (evidently(input).is_drifted) rejects.evidently++
    }
    expect(rejects.ours / repeats).toBeLessThan(0.08)
    expect(rejects.drifted / repeats).toBeLessThan(0.07)
    expect(rejects.evidently / repeats).toBeGreaterThan(0.2)
  }
})

test('clean numbers are rarely called drifted, in thirty rows or a thousand (C3, C4, C5)', () => {
  for (const [n, m] of [
    [30, 30],
    [100, 100],
    [1001, 1001],
    [5000, 30],
    [5000, 100],
    [5000, 500],
  ] as const) {
    let seed = 0
    const share = shareOf(DEEP ? 1000 : 40, () => {
      seed++
      return only(windows('x', 'number', normals(seed, 'a', n), normals(seed, 'b', m))).is_drifted === true
    })
    expect(share, `${n} and ${m} rows`).toBeLessThanOrEqual(0.07)
  }
  expect(only(windows('x', 'number', normals(1, 'a', 30), normals(1, 'b', 30)))).toMatchObject({
    is_drifted: null,
    reason: 'too_few_rows',
  })
})

test('one outlier changes neither the index nor the decision, and is told apart (C6)', () => {
  const before = normals(6, 'before', 5000)
  const after = normals(6, 'after', 5000)
  const shifted = after.map((z) => z + 0.5)
  const clean = only(windows('x', 'number', before, shifted))
  const dirty = only(windows('x', 'number', before, [1e6, ...shifted.slice(1)]))
  expect(Number(dirty.statistics.psi)).toBeCloseTo(Number(clean.statistics.psi), 2)
  expect(Number(dirty.statistics.psi)).toBeGreaterThan(0.2)
  expect(dirty).toMatchObject({ is_drifted: true })
  expect(codes(dirty)).toEqual(['outliers'])
  expect(dirty.notes[0]?.message).toContain('has values in the current window')
  expect(evidently(windows('x', 'number', before, [1e6, ...shifted.slice(1)])).numbers.psi).toBeLessThan(0.001)
  expect(only(windows('x', 'number', before, [1e6, ...after.slice(1)])).is_drifted).toBe(false)
})

test('an outlier in the reference hides no shift (C7)', () => {
  const before = normals(7, 'before', 5000)
  const after = normals(7, 'after', 5000).map((z) => z + 0.5)
  const column = only(windows('x', 'number', [1e6, ...before.slice(1)], after))
  expect(column).toMatchObject({ is_drifted: true })
  expect(column.score).toBeGreaterThan(0.18)
  expect(codes(column)).toEqual(['outliers'])
  expect(evidently(windows('x', 'number', [1e6, ...before.slice(1)], after)).is_drifted).toBe(false)
})

test('nine of ten values missing is a finding, and all of them missing costs no other column (C8)', () => {
  const before = normals(8, 'before', 3000)
  const after = normals(8, 'after', 3000)
  const gone = (share: number) => after.map((z, i) => (i % 100 < 100 * share ? null : z))
  const columns = [
    windows('x', 'number', before, gone(0.9)),
    windows('y', 'number', before, gone(1)),
    windows(
      'z',
      'number',
      before,
      after.map((z) => z + 1),
    ),
  ]
  const drift = measureDrift({ columns, ...DEFAULT })
  expect(drift.columns.map(codes)).toEqual([['missing-share'], ['all-missing', 'missing-share'], []])
  expect(drift.columns.map(({ is_drifted }) => is_drifted)).toEqual([false, null, true])
  const infinite = measureDrift({
    columns: [
      windows(
        'x',
        'number',
        before,
        after.map(() => Infinity),
      ),
      columns[2]!,
    ],
    ...DEFAULT,
  })
  expect(infinite.columns[1]?.is_drifted).toBe(true)
})

test('numbers that became texts are compared as numbers, and the change is named (C9)', () => {
  const before = normals(9, 'before', 500)
  const texts: DriftInput = {
    column: 'x',
    kind: 'number',
    reference: numbers(before),
    current: categories(normals(9, 'after', 500).map(String)),
    typeChanged: 'number in the reference, category now',
  }
  expect(only(texts)).toMatchObject({ is_drifted: false, type: 'number' })
  expect(codes(only(texts))).toEqual(['type-changed'])
})

test('a column of one window alone has no decision, and costs no other one (C9)', () => {
  const before = normals(9, 'before', 500)
  const gone: DriftInput = { ...windows('x', 'number', before, before), absent: 'current' }
  const added: DriftInput = { ...windows('y', 'number', before, before), absent: 'reference' }
  const drift = measureDrift({ columns: [gone, added], ...DEFAULT })
  expect(drift.columns.map(({ reason }) => reason)).toEqual(['not_in_current', 'not_in_reference'])
  expect(drift.columns.map(codes)).toEqual([['column-missing'], ['new-column']])
  expect(datasetDrift(drift.columns, { max_drifted_share: 0.3, critical: ['x'] })).toMatchObject({ is_drifted: true })
})

test('one row of a new category is no drift, and its value is listed (C10, C13)', () => {
  const before = [...times(450, 'a'), ...times(450, 'b')]
  const one = windows('c', 'category', before, [...times(450, 'a'), ...times(449, 'b'), 'new'])
  expect(only(one)).toMatchObject({ is_drifted: false, unseen_values: ['new'] })
  expect(codes(only(one))).toEqual([])
  expect(evidently(one)).toMatchObject({ score: 0, is_drifted: true })
  const few = windows('c', 'category', before, [...times(500, 'a'), ...times(492, 'b'), ...times(8, 'new')])
  expect(only(few)).toMatchObject({ is_drifted: false, unseen_values: ['new'] })
})

test('a tenth of the rows in a new category is drift (C11)', () => {
  const before = [...times(500, 'a'), ...times(500, 'b')]
  const column = only(windows('c', 'category', before, [...times(450, 'a'), ...times(450, 'b'), ...times(100, 'new')]))
  expect(column).toMatchObject({ is_drifted: true, unseen_share: 0.1 })
  expect(codes(column)).toEqual(['unseen'])
})

test('a rare category that grows tenfold is told, however few rows it moves (C12)', () => {
  const before = [...times(9950, 'a'), ...times(50, 'rare')]
  const column = only(windows('c', 'category', before, [...times(950, 'a'), ...times(50, 'rare')]))
  expect(column.p_adjusted).toBeLessThan(1e-6)
  expect(column.notes).toEqual([{ code: 'category-grew', message: 'a value of 0.5 % of the rows is now 5 %' }])
  expect(codes(only(windows('c', 'category', before, [...times(29, 'a'), 'rare'])))).toEqual([])
  expect(codes(only(windows('c', 'category', before, [...times(990, 'a'), ...times(10, 'rare')])))).toEqual([])
})

test('many categories are no drift by themselves (C14)', () => {
  const { uniform } = drawsFor('C14')
  const zipf = (values: number, rows: number) => {
    const total = Math.log(values)
    return Array.from({ length: rows }, () => `v${Math.floor(Math.exp(uniform() * total))}`)
  }
  for (const values of [50, 500, 5000]) {
    let largest = 0
    const share = shareOf(DEEP ? 300 : 25, () => {
      const input = windows('c', 'category', zipf(values, 2000), zipf(values, 2000))
      const { reference, current } = windowsOf(input) as never as Record<string, number[]>
      expect(reference!.length).toBe(current!.length)
      largest = Math.max(largest, Number(only(input).statistics.psi))
      return only(input).is_drifted === true
    })
    expect(share, `${values} values`).toBeLessThanOrEqual(0.08)
    if (values === 5000) expect(largest).toBeGreaterThan(0.4)
  }
})

test('in a million rows a shift that matters to nobody is significant and no drift (C15)', () => {
  const { normal } = drawsFor('C15')
  const rows = DEEP ? 1_000_000 : 300_000
  const draw = (shift: number) => ({
    type: 'number' as const,
    values: Float64Array.from({ length: rows }, () => normal() + shift),
    nulls: new Uint8Array(rows),
  })
  const column = only({ column: 'x', kind: 'number', reference: draw(0), current: draw(0.0125) })
  expect(column.p_value).toBeLessThan(0.01)
  expect(column.score).toBeLessThan(0.02)
  expect(column.is_drifted).toBe(false)
})

test('twenty clean columns together alarm about as rarely as one (C16)', () => {
  let seed = 0
  const share = shareOf(DEEP ? 500 : 40, () => {
    seed++
    const columns = Array.from({ length: 20 }, (_, i) =>
      windows(`x${i}`, 'number', normals(seed, `a${i}`, 300), normals(seed, `b${i}`, 300)),
    )
    return measureDrift({ columns, ...DEFAULT }).dataset.drifted > 0
  })
  expect(share).toBeLessThanOrEqual(0.07)
})

test('the five columns that matter make the whole drifted, by name or by importance (C17)', () => {
  const columns = Array.from({ length: 25 }, (_, i) =>
    windows(
      `x${i}`,
      'number',
      normals(i, 'a', 1000),
      normals(i, 'b', 1000).map((z) => z + (i < 5 ? 1 : 0)),
    ),
  )
  const drift = decideDrift(
    columns.map((column) => examine(column)),
    DEFAULT,
  )
  const whole = (more: object) => datasetDrift(drift.columns, { max_drifted_share: 0.3, critical: [], ...more })
  expect(whole({})).toMatchObject({ drifted: 5, share: 0.2, is_drifted: false })
  expect(whole({ critical: ['x3'] })).toMatchObject({ is_drifted: true, because: 'x3 drifted, critical' })
  const importance = new Map(columns.map(({ column }, i) => [column, i < 5 ? 0.1 : 0.01]))
  expect(whole({ importance })).toMatchObject({ is_drifted: true })
  expect(whole({ importance }).weighted_share).toBeCloseTo(0.5 / 0.7, 10)
})

test('a constant that moved a little is named, not measured in thousandths (C18)', () => {
  const column = only(windows('x', 'number', new Array(900).fill(3), new Array(900).fill(3.05)))
  expect(column.notes).toEqual([{ code: 'constant-changed', message: 'was one value in every row, now it is another' }])
})

test('values in other letters are told to be that (C25)', () => {
  const before = [...times(300, 'Sales'), ...times(300, 'Tech support')]
  const column = only(windows('c', 'category', before, [...times(300, 'sales'), ...times(300, 'Tech  Support ')]))
  expect(column.is_drifted).toBe(true)
  expect(codes(column)).toEqual(['unseen', 'string-variants'])
  expect(column.notes[1]?.message).toBe(
    '100 % of the rows hold values that differ from known ones only in case or spaces',
  )
})

test('neither the order of the rows nor that of the columns changes anything', () => {
  const names = ['a', 'b', 'c'] as const
  const column = (name: string, turn: number) => {
    const before = normals(1, `${name} before`, 700)
    const after = normals(1, `${name} after`, 400).map((z) => z + (name === 'b' ? 0.4 : 0))
    const turned = (cells: number[]) => [...cells.slice(turn), ...cells.slice(0, turn)]
    return windows(
      name,
      name === 'c' ? 'category' : 'number',
      turned(before.map(Math.round)),
      turned(after.map(Math.round)),
    )
  }
  const straight = measureDrift({ columns: names.map((name) => column(name, 0)), ...DEFAULT })
  const turned = measureDrift({ columns: names.toReversed().map((name) => column(name, 123)), ...DEFAULT })
  expect(turned.columns.toReversed()).toEqual(straight.columns)
  expect(turned.dataset).toEqual(straight.dataset)
})
