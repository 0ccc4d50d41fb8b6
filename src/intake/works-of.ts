import { type Asked, HANDLED_EVENTS, type IntakeFacts } from './handled-events.ts'
import { anyAction } from './payloads.ts'

/** An event as it is read at the door. */
export interface ReadEvent extends Asked {
  readonly action: string | null
}

/**
 * What an event asks for, told from its payload alone: most events ask for nothing and cost nothing.
 *
 * @throws {z.ZodError} when a part that we read is not what GitHub publishes
 */
export function worksOf(event: string, payload: unknown, facts: IntakeFacts): ReadEvent {
  const action = anyAction.parse(payload).action ?? null
  const handler = Object.hasOwn(HANDLED_EVENTS, event) ? HANDLED_EVENTS[event] : undefined
  const isOurs = handler !== undefined && (handler.actions?.includes(action ?? '') ?? true)
  return { action, ...(isOurs ? handler.read(payload, facts) : { works: [], cancels: [], wakes: null }) }
}
