import { type TableShape, type TableSource, Unavailable } from '../ports.ts'

/**
 * Column of each class's probability, by the class: those that begin with a prefix.
 *
 * @param prefix  null: there are none
 * @throws {Unavailable} when fewer than two columns begin so
 */
export function classScores(
  source: TableSource,
  { columns }: TableShape,
  prefix: string | null,
): ReadonlyMap<string, string> {
  if (prefix === null) return new Map()
  const names = columns.map((column) => column.name)
  const found = new Map(names.flatMap((name) => (name.startsWith(prefix) ? [[name.slice(prefix.length), name]] : [])))
  if (found.size > 1) return found
  throw new Unavailable(
    'missing',
    `${source.called} has ${found.size} columns that begin with "${prefix}"; several classes have several`,
    `Name the prefix with --score-prefix. Columns there: ${names.join(', ')}.`,
  )
}
