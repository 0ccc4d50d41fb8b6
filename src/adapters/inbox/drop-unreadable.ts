import type { DatabaseSync } from 'node:sqlite'
import { workOf } from './work-text.ts'

/**
 * Ends rows that this version cannot read: a version that knew more wrote them, or the file is damaged. Left there, one
 * would stop the queue each time its turn came; without it the next sweep finds the same work again.
 */
export function dropUnreadable(database: DatabaseSync): void {
  drop(database, 'select key, work, next from work', 'delete from work where key = ?')
  drop(database, 'select key, work, null as next from wake_up', 'delete from wake_up where key = ?')
  drop(database, 'select key, work, null as next from waiting_merge', 'delete from waiting_merge where key = ?')
  database.exec('delete from delivery_work where key not in (select key from work)')
  database.exec(`update delivery set state = 'dead', ended_at = received_at where state in ('pending', 'running')
    and guid not in (select guid from delivery_work)`)
}

function drop(database: DatabaseSync, select: string, remove: string): void {
  const rows = database.prepare(select).all()
  const bad = rows.filter(({ work, next }) => !isReadable(work) || (next !== null && !isReadable(next)))
  const removal = database.prepare(remove)
  for (const { key } of bad) removal.run(key ?? null)
}

function isReadable(text: unknown): boolean {
  try {
    workOf(text)
    return true
  } catch {
    return false
  }
}
