import type { DriftWindow } from '../gates/gate.ts'
import { Unavailable } from '../ports.ts'
import type { Model } from '../registry/model.ts'
import type { Job } from './job.ts'

const DAY_MS = 86_400_000

/**
 * Production rows of the last complete UTC days before a moment, listed and hashed.
 *
 * Partitions are folders `dt=YYYY-MM-DD/` below `monitoring.predictions`.
 *
 * @param now  ISO 8601; its own day is not complete and stays out
 */
export async function productionWindow(model: Model, now: string, { store, files, limits }: Job): Promise<DriftWindow> {
  const { predictions, window } = model.monitoring ?? {}
  if (predictions === undefined)
    return {
      status: 'none',
      because: 'model.yml names no monitoring.predictions',
      mend: 'Name the prefix of production predictions in model.yml.',
    }
  const { from, until } = windowDays(now, window ?? '7d')
  try {
    const uris = (await store.list(`${predictions.replace(/\/$/, '')}/`))
      .map(({ uri }) => uri)
      .filter((uri) => isWithin(uri, from, until))
    if (uris.length === 0)
      return {
        status: 'missing',
        because: `no partition dt=${from} to dt=${until} lies below ${predictions}`,
        mend: 'Wait for production data, or check the prefix.',
      }
    const hashed = uris.map(async (uri) => ({ uri, digest: (await files.fetch(uri, limits.maxTableBytes)).digest }))
    return { status: 'found', partitions: await Promise.all(hashed), from, until }
  } catch (error) {
    if (error instanceof Unavailable) return { status: error.status, because: error.message, mend: error.mend }
    throw error
  }
}

/** Whether a file is a partition of these days; names that begin with _ or . are marks of the job that wrote them. */
function isWithin(uri: string, from: string, until: string): boolean {
  const [, day = '', name = ''] = /\/dt=(\d{4}-\d{2}-\d{2})\/(?:.*\/)?([^/]+)$/.exec(uri) ?? []
  return day >= from && day <= until && !/^[._]/.test(name) && name !== ''
}

/**
 * First and last day of a window of complete UTC days.
 *
 * @param window  7d, 48h, 2w ...; less than a day counts as one
 * @example windowDays('2026-11-18T10:00:00Z', '7d') // => { from: '2026-11-11', until: '2026-11-17' }
 */
export function windowDays(now: string, window: string): { readonly from: string; readonly until: string } {
  const amount = Number(/^\d+/.exec(window)?.[0] ?? 7)
  const daysOf = { s: 1 / 86_400, m: 1 / 1440, h: 1 / 24, d: 1, w: 7 } as const
  const days = Math.max(1, Math.floor(amount * daysOf[(window.at(-1) ?? 'd') as keyof typeof daysOf]))
  const today = Math.floor(Date.parse(now) / DAY_MS) * DAY_MS
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  return { from: day(today - days * DAY_MS), until: day(today - DAY_MS) }
}
