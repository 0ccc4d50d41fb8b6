import type { Delivery, Inbox, Work } from '../../ports/inbox.ts'
import { type Alarms, alarms } from './alarms.ts'
import { type DeliveryTable, deliveryTable } from './delivery-table.ts'
import { dropUnreadable } from './drop-unreadable.ts'
import { groupCommit, inTransaction } from './group-commit.ts'
import { notes } from './notes.ts'
import { openDatabase } from './schema.ts'
import { type WorkTable, workTable } from './work-table.ts'

const KEPT_DAYS = 7

export interface InboxOptions {
  /** The file; `:memory:` for a demonstration. */
  readonly path: string
  readonly now: () => Date
  /** How long to wait for a process that is just ending. */
  readonly waitMs?: number
}

interface Received {
  readonly delivery: Delivery
  readonly works: readonly Work[]
  readonly cancels: readonly string[]
}

/**
 * Opens the app's memory of what it must still do. What was running when the last process ended waits again.
 *
 * @throws {Error} when another process has the file open, or another version wrote it
 */
export function openInbox(options: InboxOptions): Inbox {
  const database = openDatabase(options.path, options.waitMs ?? 5000)
  const [work, deliveries, bells, kept] = [
    workTable(database),
    deliveryTable(database),
    alarms(database),
    notes(database),
  ]
  const at = () => options.now().toISOString()
  const together = <T>(act: () => T) => inTransaction(database, act)
  let listener: () => void = () => undefined
  const ring = () => listener()
  const receiving = groupCommit(database, (received: Received) => receive(work, deliveries, received, at()))
  together(() => {
    dropUnreadable(database)
    recover(work, deliveries, at())
  })

  return {
    async receive(delivery, works, cancels = []) {
      const taken = await receiving.add({ delivery, works, cancels })
      if (taken === 'queued') ring()
      return taken
    },
    enqueue(one, notBefore) {
      together(() => work.put(one, { isEvent: false, at: at(), notBefore: iso(notBefore ?? at()) }))
      ring()
    },
    onWork(heard) {
      listener = heard
    },
    lease(now, limits) {
      if (work.nextStart() === null) return null
      return together(() => {
        const leased = work.lease(iso(now), limits)
        if (leased !== null) deliveries.started(leased.work.key)
        return leased
      })
    },
    done(leased) {
      const how = together(() => {
        const goesOn = work.done(leased, at())
        if (goesOn === 'waiting') deliveries.ended(leased.work.key, at())
        if (goesOn === 'gone') deliveries.closed(leased.work.key, 'done', at())
        return goesOn
      })
      if (how === 'waiting') ring()
    },
    failed(leased, because, notBefore, isHeld = false) {
      return together(() => {
        const { key } = leased.work
        const is = work.failed(leased, { because, notBefore: iso(notBefore), isHeld, at: at() })
        if (is === 'dead') deliveries.closed(key, 'dead', at())
        if (is === 'waiting') deliveries.waits(key)
        return is ?? 'waiting'
      })
    },
    giveBack(leased) {
      together(() => {
        if (work.giveBack(leased, at())) deliveries.waits(leased.work.key)
      })
    },
    nextStart: (after) => work.nextStart(after === undefined ? '' : iso(after)),
    closeInstallation(installation) {
      return together(() => {
        const keys = work.close(installation)
        for (const key of keys) deliveries.closed(key, 'done', at())
        bells.close(installation)
        return keys.length
      })
    },
    intend: kept.intend,
    intention: kept.intention,
    forget: kept.forget,
    mark: kept.mark,
    setMark: kept.setMark,
    wakeAt: (key, moment, one) => bells.wakeAt(key, iso(moment), one),
    wake(now) {
      if ((bells.nextWake() ?? '~') > iso(now)) return 0
      const woken = together(() => putAll(work, bells.due(iso(now)), at()))
      ring()
      return woken
    },
    nextWake: () => bells.nextWake(),
    waitToMerge: (one, head) => bells.waitToMerge(one, head),
    wakeMerge: (head, now) => wakeMerge(bells, head, iso(now), together),
    waitingMerges: () => bells.waitingMerges(),
    noLongerWaits: (key) => bells.noLongerWaits(key),
    counts: () => ({
      deliveries: deliveries.counts(),
      jobs: work.counts(),
      oldestWaiting: work.oldestWaiting(),
      oldestRunning: work.oldestRunning(),
    }),
    prune(now) {
      const before = new Date(Date.parse(now) - KEPT_DAYS * 86_400_000).toISOString()
      return together(() => deliveries.prune(before) + work.prune(before) + kept.pruneIntentions(before))
    },
    close() {
      if (!database.isOpen) return
      receiving.flush()
      database.close()
    },
  }
}

function receive(work: WorkTable, deliveries: DeliveryTable, { delivery, works, cancels }: Received, at: string) {
  if (!deliveries.isWanted(delivery.guid)) return 'dropped'
  for (const key of cancels) if (work.cancel(key)) deliveries.closed(key, 'done', at)
  const placed = works.map((one) => ({ key: one.key, as: work.put(one, { isEvent: true, at, notBefore: at }) }))
  deliveries.take(
    { ...delivery, receivedAt: iso(delivery.receivedAt) },
    placed.map(({ key, as }) => ({ key, isNext: as === 'next' })),
  )
  return 'queued'
}

function recover(work: WorkTable, deliveries: DeliveryTable, at: string): void {
  for (const { key, state } of work.recover(at)) {
    if (state === 'dead') deliveries.closed(key, 'dead', at)
    else deliveries.waits(key)
  }
}

function putAll(work: WorkTable, works: readonly Work[], at: string): number {
  for (const one of works) work.put(one, { isEvent: false, at, notBefore: at })
  return works.length
}

/** Most checks of other apps belong to commits that nobody waits for: then nothing is written. */
function wakeMerge(bells: Alarms, head: string, now: string, together: <T>(act: () => T) => T): readonly Work[] {
  return bells.isWaiting(head) ? together(() => bells.wakeMerge(head, now)) : []
}

/** One form of time, so that text sorts as time does. */
function iso(moment: string): string {
  return new Date(moment).toISOString()
}
