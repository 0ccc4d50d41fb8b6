import type { FactsOf, GroupKey, GroupMeasured } from '../../src/gates/evidence.ts'
import type { Person } from './shared-crowd.ts'

/**
 * Somebody who reads every listing of a shared report, knows how many rows the exam has, and can do linear algebra.
 * Says which groups' numbers can be worked out: those whose members are a combination of what is shown.
 */
export function workedOut(facts: FactsOf['fairness'], crowd: readonly Person[], rename: (group: GroupKey) => string) {
  const cells = [...new Map(crowd.map(({ values }) => [JSON.stringify(values), values])).values()]
  const members = (group: GroupKey, name: (part: GroupKey) => string) =>
    cells.map((cell) => {
      const part = Object.fromEntries(Object.keys(group).map((column) => [column, cell[column] ?? null]))
      return name(part) === name(group) ? 1 : 0
    })
  const shown = facts.measured.flatMap(({ candidate: { groups } }) =>
    groups
      .filter(({ rows, metrics }) => rows !== null || Object.keys(metrics).length > 0)
      .map(({ group }) => cells.map((cell) => (isIn(cell, group, groups, rename) ? 1 : 0))),
  )
  const known = [cells.map(() => 1), ...shown]
  return (group: GroupKey): boolean =>
    spans(
      known,
      members(group, (part) => JSON.stringify(part)),
    )
}

/** A pool holds everybody who is in no group that counts. */
function isIn(
  cell: Person['values'],
  group: GroupKey,
  groups: readonly GroupMeasured[],
  rename: (group: GroupKey) => string,
): boolean {
  const isPool = (key: GroupKey) => Object.values(key).every((value) => value === '(others)')
  if (!isPool(group)) return matches(cell, group, rename)
  return !groups.some((other) => other.counted && !isPool(other.group) && matches(cell, other.group, rename))
}

function matches(cell: Person['values'], shown: GroupKey, rename: (group: GroupKey) => string): boolean {
  const part = Object.fromEntries(Object.keys(shown).map((column) => [column, cell[column] ?? null]))
  return rename(part) === JSON.stringify(shown)
}

/** Whether a vector is a combination of others: it adds nothing to their rank. */
function spans(known: readonly (readonly number[])[], wanted: readonly number[]): boolean {
  return rank(known) === rank([...known, wanted])
}

function rank(vectors: readonly (readonly number[])[]): number {
  const rows = vectors.map((row) => [...row])
  let found = 0
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    const pivot = rows.findIndex((row, index) => index >= found && Math.abs(row[column]!) > 1e-9)
    if (pivot < 0) continue
    const [row] = rows.splice(pivot, 1)
    rows.splice(found, 0, row!)
    for (const other of rows.slice(found + 1)) {
      const times = other[column]! / row![column]!
      for (let index = column; index < other.length; index++) other[index]! -= times * row![index]!
    }
    found++
  }
  return found
}
