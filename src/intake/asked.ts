import type { z } from 'zod'
import type { Ask, Lane, Subject, Work } from '../ports/inbox.ts'
import type { Account } from '../ports/pull-now.ts'
import type { IgnoredBecause } from './intake-log.ts'
import type * as payloads from './payloads.ts'

/** Who we are and what we know when an event comes; all of it without asking anybody. */
export interface IntakeFacts {
  readonly appId: number
  /** Id of the app's own bot account. */
  readonly botId: number
  /** Governed branches of a repository besides its default one; null when they were never read. */
  readonly governed: (repositoryId: number) => readonly string[] | null
  /** Correlation id of the training that a workflow run does, where a job of ours has seen it; null else. */
  readonly training: (repositoryId: number, runId: number) => string | null
  /** The branch that holds the ledger, which only we write. */
  readonly ledgerBranch: string
}

/** What an event asks for. */
export interface Asked {
  readonly works: readonly Work[]
  /** Keys whose waiting work has become pointless. */
  readonly cancels: readonly string[]
  /** A commit that got somebody else's check: a merge that waits for it is tried again. */
  readonly wakes: { readonly repositoryId: number; readonly head: string } | null
  /** For the log, where something was left undone on purpose. */
  readonly ignored?: IgnoredBecause
}

export interface HandledEvent {
  /** null: the event has none. */
  readonly actions: readonly string[] | null
  /** @throws {z.ZodError} when a part that we read is not what GitHub publishes */
  readonly read: (payload: unknown, facts: IntakeFacts) => Asked
}

type AnyInRepository = Pick<z.infer<typeof payloads.push>, 'repository' | 'installation'>
/** A payload that came through an installation. */
export type Installed<P> = P & { readonly installation: { readonly id: number } }
export type InRepository = Installed<AnyInRepository>
/** Whoever did what the event tells of. */
export type Sender = z.infer<typeof payloads.checkRun>['sender']

export const NOTHING: Asked = { works: [], cancels: [], wakes: null }

/** Reads the payload of an event of a repository; one that came through no installation asks for nothing. */
export function handled<P extends AnyInRepository>(
  schema: z.ZodType<P>,
  read: (payload: Installed<P>, facts: IntakeFacts) => Asked,
): HandledEvent['read'] {
  return (payload, facts) => {
    const parsed = schema.parse(payload)
    const { installation } = parsed
    return installation === null || installation === undefined ? NOTHING : read({ ...parsed, installation }, facts)
  }
}

export function asks(works: readonly Work[]): Asked {
  return { ...NOTHING, works }
}

/** Left undone, and why, for the log. */
export function ignored(because: IgnoredBecause): Asked {
  return { ...NOTHING, ignored: because }
}

export function accountOf({ id, login, type }: Sender): Account {
  return { id, login, isBot: type === 'Bot' }
}

/** A piece of work in the repository of an event. */
export function workIn(
  payload: InRepository,
  subjectKey: string,
  subject: Subject,
  more: { readonly head?: string; readonly force?: boolean; readonly asks?: readonly Ask[]; readonly lane?: Lane },
): Work {
  const { id, name, owner } = payload.repository
  return {
    key: `${id}/${subjectKey}`,
    lane: more.lane ?? 'interactive',
    repository: { id, owner: owner.login, name, installation: payload.installation.id },
    subject,
    force: more.force ?? false,
    head: more.head ?? null,
    ...(more.asks === undefined ? {} : { asks: more.asks }),
  }
}
