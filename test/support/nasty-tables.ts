import type { Dice } from './dice.ts'
import { LARGE_WHOLES, ODD_NUMBERS, ODD_TEXTS, SPECIAL_NUMBERS, TIMES } from './odd-values.ts'

/** A column as somebody wrote it down: spellings, null where nothing stands. */
export interface NastyColumn {
  readonly kind: 'text' | 'number' | 'whole' | 'boolean' | 'time' | 'nested'
  readonly cells: readonly (string | null)[]
}

/** A table that is valid in its format, and that nobody would wish for. */
export interface NastyTable {
  readonly rows: number
  /** By name, in the order of the file. */
  readonly columns: ReadonlyMap<string, NastyColumn>
}

type Cells = (dice: Dice, rows: number) => NastyColumn

const each = (kind: NastyColumn['kind'], cell: (dice: Dice, row: number) => string | null): Cells => {
  return (dice, rows) => ({ kind, cells: Array.from({ length: rows }, (_, row) => cell(dice, row)) })
}
/** Some cells replaced. */
const mixed =
  (of: Cells, others: readonly (string | null)[], share: number): Cells =>
  (dice, rows) => {
    const { kind, cells } = of(dice, rows)
    return { kind, cells: cells.map((cell) => (dice() < share ? dice.pick(others) : cell)) }
  }
const always = (kind: NastyColumn['kind'], cell: string | null): Cells => each(kind, () => cell)
const number = (value: number) => (Object.is(value, -0) ? '-0' : String(value))

const classes = (kind: NastyColumn['kind'], no: string, yes: string) => each(kind, (dice) => (dice() < 0.4 ? yes : no))
const uniform = each('number', (dice) => number(Math.round(dice() * 1e6) / 1e6))
const normal = each('number', (dice) => number((dice() + dice() + dice() - 1.5) * 10))
const texts = (values: readonly string[]) => each('text', (dice) => dice.pick(values))

/** What a column of each role may hold; the first is how it should be. */
export const ROLES = {
  label: [
    classes('whole', '0', '1'),
    mixed(classes('whole', '0', '1'), [null], 0.2),
    mixed(classes('number', '0', '1'), ['NaN', null], 0.2),
    mixed(classes('number', '0', '1'), ['Infinity'], 0.1),
    always('whole', '1'),
    always('whole', '0'),
    always('text', null),
    classes('boolean', 'false', 'true'),
    classes('text', '0', '1'),
    classes('text', 'no', 'yes'),
    mixed(classes('text', '0', '1'), ['maybe'], 0.1),
    mixed(classes('text', '0', '1'), [''], 0.1),
    classes('text', '01', '1'),
    classes('text', '1.0', '1'),
    mixed(classes('text', 'no', '1'), ['NaN'], 0.2),
  ],
  score: [
    uniform,
    each('number', (dice) => dice.pick(['0', '0.25', '0.5', '0.75', '1'])),
    mixed(uniform, [null], 0.1),
    mixed(uniform, SPECIAL_NUMBERS, 0.1),
    mixed(uniform, ['-0', '5e-324', '1e-300'], 0.3),
    mixed(uniform, ['1.5', '-0.1'], 0.1),
    mixed(uniform, ['1e308', '-1e308'], 0.2),
    always('number', '0.5'),
    always('number', null),
    always('number', 'NaN'),
    normal,
    classes('boolean', 'false', 'true'),
    mixed(
      each('text', (dice) => number(dice())),
      ['0x10', 'high', '', ' 1'],
      0.1,
    ),
  ],
  prediction: [
    classes('whole', '0', '1'),
    mixed(classes('whole', '0', '1'), [null], 0.1),
    mixed(classes('number', '0', '1'), ['NaN'], 0.1),
    mixed(classes('number', '0', '1'), ['0.7', '2', 'Infinity'], 0.1),
    classes('boolean', 'false', 'true'),
    classes('text', '0', '1'),
    classes('text', 'no', 'yes'),
    mixed(classes('text', '0', '1'), ['maybe', ''], 0.1),
    always('whole', '1'),
  ],
  target: [
    normal,
    mixed(normal, ODD_NUMBERS, 0.4),
    mixed(normal, SPECIAL_NUMBERS, 0.1),
    mixed(normal, [null], 0.2),
    always('number', '0'),
    always('number', '1e308'),
    each('number', (dice) => number(dice() * 1e-320)),
    each('whole', (dice) => dice.pick(LARGE_WHOLES)),
    mixed(
      each('text', (dice) => number(dice())),
      ['0x10', 'high', '', ' 1'],
      0.1,
    ),
    classes('boolean', 'false', 'true'),
  ],
  id: [
    each('whole', (_, row) => String(row)),
    each('whole', (_, row) => String(9007199254740990n + BigInt(row))),
    each('text', (_, row) => ODD_TEXTS[row] ?? `id ${row}`),
    each('text', (_, row) => `${'0'.repeat(row % 7)}${Math.floor(row / 7) + 1}`),
    mixed(
      each('whole', (_, row) => String(row)),
      ['0', null],
      0.05,
    ),
    each('number', (_, row) => number(row / 4)),
  ],
  weight: [
    always('number', '1'),
    each('number', (dice) => number(dice() * 3)),
    mixed(always('number', '1'), ['0'], 0.3),
    always('number', '0'),
    mixed(always('number', '1'), ['-1'], 0.05),
    mixed(always('number', '1'), [null, 'NaN'], 0.05),
    mixed(always('number', '1'), ['Infinity'], 0.05),
    mixed(always('number', '1'), ['1e308', '1.7e308'], 0.3),
    mixed(always('number', '5e-324'), ['1e-300'], 0.3),
    texts(['1', 'two', '']),
  ],
  unit: [
    each('whole', (_, row) => String(row % 12)),
    texts(ODD_TEXTS),
    mixed(texts(['a', 'b', 'c']), [null], 0.3),
    always('text', 'one'),
    always('text', null),
    each('text', (_, row) => `u${row}`),
    mixed(
      each('number', (dice) => number(dice.below(5))),
      ['NaN', '-0'],
      0.1,
    ),
  ],
  group: [
    texts(['a', 'b']),
    texts(ODD_TEXTS),
    mixed(texts(ODD_TEXTS), [null], 0.3),
    texts(['1', '01', '1.0', '']),
    texts(['\u00e9', 'e\u0301', 'e']),
    each('whole', (dice) => dice.pick(LARGE_WHOLES)),
    mixed(
      each('number', (dice) => number(dice.below(3))),
      SPECIAL_NUMBERS,
      0.2,
    ),
    each('number', (dice) => dice.pick(['0', '-0', '0.5', '1e21', '1e-7'])),
    classes('boolean', 'false', 'true'),
    each('text', (_, row) => `g${row}`),
    always('text', null),
    always('text', '__proto__'),
    each('time', (dice) => dice.pick(TIMES)),
  ],
  feature: [
    normal,
    mixed(normal, ODD_NUMBERS, 0.3),
    mixed(normal, SPECIAL_NUMBERS, 0.2),
    mixed(normal, [null], 0.5),
    each('number', (dice) => dice.pick(ODD_NUMBERS)),
    each('number', (dice) => dice.pick(['1e308', '-1e308'])),
    each('number', (dice) => dice.pick(['5e-324', '-5e-324', '0', '-0'])),
    each('whole', (dice) => dice.pick(LARGE_WHOLES)),
    always('number', '7'),
    always('number', null),
    always('number', 'NaN'),
    always('number', 'Infinity'),
    mixed(
      each('text', (dice) => number(dice.below(100))),
      ['n/a'],
      0.05,
    ),
    texts(ODD_TEXTS),
    mixed(texts(ODD_TEXTS), [null], 0.5),
    each('text', (_, row) => `v${row}`),
    classes('boolean', 'false', 'true'),
    each('time', (dice) => dice.pick(TIMES)),
    mixed(
      each('text', () => '2026-01-31'),
      ['31.01.2026', '2026-02-30'],
      0.3,
    ),
    each('nested', (dice) => `[${dice.below(3)}, null]`),
    each('nested', (dice) => `{"a": ${dice.below(3)}}`),
  ],
  time: [
    each('time', (_, row) => `2026-01-${String((row % 28) + 1).padStart(2, '0')}T10:00:00Z`),
    mixed(
      each('time', (dice) => dice.pick(TIMES)),
      [null],
      0.1,
    ),
    always('time', '2026-01-01'),
    always('time', null),
    each('whole', (_, row) => String(row)),
    texts(['2026-01-31', '31.01.2026']),
  ],
} as const satisfies Readonly<Record<string, readonly Cells[]>>

export type Role = keyof typeof ROLES

const ROWS = [1, 2, 3, 8, 31, 40, 60, 90]

export interface Wanted {
  /** Column by name, and what it is for. */
  readonly columns: Readonly<Record<string, Role>>
  /** Share of the columns that are not as they should be. */
  readonly nasty?: number
  readonly rows?: number
}

export function nastyTable(dice: Dice, { columns, nasty = 0.3, rows = dice.pick(ROWS) }: Wanted): NastyTable {
  const made = Object.entries(columns).map(([name, role]): readonly [string, NastyColumn] => {
    const ways: readonly Cells[] = ROLES[role]
    return [name, (dice() < nasty ? dice.pick(ways) : ways[0]!)(dice, rows)]
  })
  return { rows, columns: new Map(made) }
}
