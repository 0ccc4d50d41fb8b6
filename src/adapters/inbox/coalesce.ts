import type { Ask, Subject, Work } from '../../ports/inbox.ts'
import { LANES } from './work-text.ts'

const MOST_ASKS = 20

/**
 * One piece of work instead of two of the same key: the higher lane, the newer names and head, whatever either was
 * forced or asked to do. Pushes to a branch become one range.
 */
export function coalesce(waiting: Work, incoming: Work): Work {
  const asks = joinAsks(waiting.asks ?? [], incoming.asks ?? [])
  return {
    key: incoming.key,
    lane: LANES.indexOf(waiting.lane) < LANES.indexOf(incoming.lane) ? waiting.lane : incoming.lane,
    repository: incoming.repository,
    subject: joinSubjects(waiting.subject, incoming.subject),
    force: waiting.force || incoming.force,
    head: incoming.head ?? waiting.head,
    ...(asks.length === 0 ? {} : { asks }),
  }
}

/**
 * Deliveries may come in any order, so the push that ends where the other begins comes first. A comment stays as it was
 * first said: whoever answers it sees that it was edited since.
 */
function joinSubjects(waiting: Subject, incoming: Subject): Subject {
  if (waiting.kind === 'comment' && incoming.kind === 'comment') return waiting.edited ? incoming : waiting
  if (waiting.kind !== 'base' || incoming.kind !== 'base') return incoming
  const isEarlier = incoming.after === waiting.before && incoming.before !== waiting.after
  return isEarlier ? { ...waiting, before: incoming.before } : { ...incoming, before: waiting.before }
}

/** The same button of the same check pressed twice by one person is one ask; a crowd of them keeps the newest. */
function joinAsks(some: readonly Ask[], more: readonly Ask[]): readonly Ask[] {
  const byWhat = new Map([...some, ...more].map((ask) => [`${ask.kind} ${ask.check?.id ?? ''} ${ask.by.id}`, ask]))
  return [...byWhat.values()].slice(-MOST_ASKS)
}
