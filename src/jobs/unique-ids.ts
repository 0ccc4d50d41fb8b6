import { type Column, Unavailable } from '../ports.ts'
import { columnTexts } from './column-texts.ts'

/**
 * Refuses a column of ids in which one is missing or stands twice.
 *
 * @param called  what people call the table
 * @throws {Unavailable} with the number of rows concerned
 */
export function requireUniqueIds(id: Column | undefined, called: string, name: string): void {
  if (id === undefined) throw new Unavailable('missing', `${called} has no column "${name}"`, 'Name the id with --id.')
  const texts = columnTexts(id)
  const missing = texts.filter((text) => text === null).length
  const repeated = texts.length - missing - new Set(texts.filter((text) => text !== null)).size
  const mend = 'Each row needs an id of its own.'
  if (repeated > 0) throw new Unavailable('missing', `${repeated} ids of ${called} repeat in column "${name}"`, mend)
  if (missing > 0) throw new Unavailable('missing', `${missing} rows of ${called} have no "${name}"`, mend)
}
