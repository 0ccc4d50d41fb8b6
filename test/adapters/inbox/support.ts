import { randomUUID } from 'node:crypto'
import { openInbox } from '../../../src/adapters/inbox/inbox.ts'
import type { Delivery, Lane, Subject, Work } from '../../../src/ports/inbox.ts'

export const START = Date.parse('2026-11-21T10:00:00Z')

/** An inbox whose time a test moves. */
export function openTimed(path = ':memory:', startMs = START) {
  const time = { ms: startMs }
  const inbox = openInbox({ path, now: () => new Date(time.ms), waitMs: 50 })
  return {
    inbox,
    now: (laterS = 0) => new Date(time.ms + 1000 * laterS).toISOString(),
    pass: (seconds: number) => {
      time.ms += 1000 * seconds
    },
  }
}

export function pullWork(number: number, more: Partial<Work> & { readonly repositoryId?: number } = {}): Work {
  const { repositoryId = 42, ...rest } = more
  return {
    key: `${repositoryId}/#${number}`,
    lane: 'interactive' satisfies Lane,
    repository: { id: repositoryId, owner: 'acme', name: `models-${repositoryId}`, installation: 9 },
    subject: { kind: 'pull', number } satisfies Subject,
    force: false,
    head: null,
    ...rest,
  }
}

export function baseWork(before: string, after: string): Work {
  return pullWork(0, { key: '42/base:main', subject: { kind: 'base', ref: 'main', before, after } })
}

export function commentWork(id: number, more: { readonly repositoryId?: number } = {}): Work {
  const { repositoryId = 42 } = more
  const by = { id: 7, login: 'erin', isBot: false }
  const subject = { kind: 'comment', issue: 1, comment: { id, nodeId: `C_${id}` }, body: '/help', by, edited: false }
  return pullWork(0, { repositoryId, key: `${repositoryId}/comment:${id}`, subject: subject as Subject })
}

export function delivered(guid: string = randomUUID()): Delivery {
  return { guid, event: 'pull_request', action: 'opened', receivedAt: '2026-11-21T10:00:00Z' }
}
