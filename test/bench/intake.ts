import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openInbox } from '../../src/adapters/inbox/inbox.ts'
import { webhookDoor } from '../../src/intake/webhook-door.ts'
import type { Inbox } from '../../src/ports/inbox.ts'
import { delivery, IDENTITY, LEDGER, pullEvent, SECRET, statusEvent } from '../intake/support.ts'
import { ratioLine, type Timing, timed } from './stopwatch.ts'

const MANY = 200

/** How long GitHub waits for an answer, and the executor for its next piece; the inbox on the disk, every commit synchronised. */
export async function intake(folder: string, show: (...timings: readonly Timing[]) => void): Promise<void> {
  const now = () => new Date()
  const inbox = openInbox({ path: join(folder, 'inbox.db'), now })
  const quiet = () => undefined
  const log = { refused: quiet, delivery: quiet, failed: quiet }
  const door = webhookDoor({ secrets: () => [SECRET], inbox, identity: IDENTITY, ledgerBranch: LEDGER, now, log })
  const padding = 'x'.repeat(20_000)
  const send = (event: string, payload: object) => {
    const { headers, body } = delivery(event, payload, randomUUID())
    return door.take(headers, [Buffer.from(body)])
  }
  const pull = (number: number) => send('pull_request', { ...pullEvent('synchronize', { number }), padding })

  const one = await timed('a delivery, signed, 20 kB, into the inbox', MANY, () => pull(1))
  const crowd = await timed(`${MANY} deliveries at once`, 9, () =>
    Promise.all(Array.from({ length: MANY }, (_, number) => pull(number + 1))),
  )
  const ignored = await timed('a delivery that asks for nothing', MANY, () =>
    send('status', { ...statusEvent('x'), padding }),
  )
  show(one, crowd, ignored)
  console.log(ratioLine(`${MANY} at once to one`, crowd, one))

  const few = await timed(`lease and end one of ${MANY} that wait`, 100, () => leaseOne(inbox))
  for (let number = 0; number < 10_000; number++) void pull(number)
  await pull(1)
  const many = await timed('lease and end one of 10,000 that wait', 100, () => leaseOne(inbox))
  show(few, many)
  console.log(ratioLine('10,000 to 200 waiting', many, few))
  inbox.close()
}

function leaseOne(inbox: Inbox): void {
  const leased = inbox.lease(new Date().toISOString())
  if (leased !== null) inbox.done(leased)
}
