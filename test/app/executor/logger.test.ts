import { expect, test } from 'vitest'
import { openLogger } from '../../../src/app/logger.ts'
import { openMetrics } from '../../../src/app/metrics.ts'
import { HostFailure } from '../../../src/ports/host-failure.ts'
import { openScrub } from '../../../src/report/scrub.ts'
import { openTimed, pullWork } from '../../adapters/inbox/support.ts'

const KEY = `-----BEGIN RSA PRIVATE KEY-----\nMIIEcanaryAAAA\nBBBBcanaryCCCC\n-----END RSA PRIVATE KEY-----`
const SECRET = 'canary-webhook-secret'
/** Things that must never be in a log, each in a shape in which an error message could bring it. */
const CANARIES = [
  SECRET,
  KEY,
  'MIIEcanaryAAAA',
  'ghs_canary1234567890canary1234567890abcd',
  'github_pat_canary1234567890_canary1234567890',
  'AKIACANARYCANARY1234',
  'eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOjF9.canarycanary',
  'dana.canary@example.com',
]
const AROUND: readonly ((canary: string) => string)[] = [
  (canary) => canary,
  (canary) => `https://x-access-token:${canary}@github.com/acme/models failed`,
  (canary) => `GET https://s3.example/x?X-Amz-Signature=${canary}&y=1`,
  (canary) => `Authorization: Bearer ${canary}`,
  (canary) => `first line\n{"token":"${canary}"}\u2028next`,
]

/** A logger that writes into a list. */
function openKept() {
  const lines: string[] = []
  const log = openLogger({ level: 'trace', secrets: [SECRET, KEY], stream: { write: (line) => lines.push(line) } })
  return { log, lines }
}

test('no secret, key, token or address reaches the log, in whatever error it hides (S42)', () => {
  const { log, lines } = openKept()
  for (const canary of CANARIES)
    for (const around of AROUND) {
      const text = around(canary)
      const error = Object.assign(new Error(text), { request: { headers: { authorization: text } }, cause: text })
      const failure = new HostFailure(text, { operation: 'merge', status: 500, retryable: true }, { cause: error })
      const end = { work: pullWork(7), attempt: 1, is: 'failed', because: text, ms: 1, sinceEventMs: 1 } as const
      log.failed({ where: 'x', error })
      log.failed({ where: 'x', error: failure })
      log.failed({ where: 'x', error: { nested: text } })
      log.jobs.ended(end)
      log.jobs.failed({ where: text, error: text })
      log.jobs.info({ text, nested: { text }, list: [text] }, text)
      log.jobs.warn({ text }, text)
      log.intake.failed({ where: text, error })
      log.intake.delivery({ guid: 'g', event: 'push', action: text, outcome: 'queued', ms: 1 })
    }

  expect(lines).toHaveLength(CANARIES.length * AROUND.length * 9)
  for (const canary of [...CANARIES, 'canary']) expect(lines.filter((line) => line.includes(canary))).toEqual([])
})

test('a line names pull request, repository and installation by number, and no person or name', () => {
  const { log, lines } = openKept()
  log.jobs.ended({ work: pullWork(7), attempt: 2, is: 'done', because: null, ms: 12.4, sinceEventMs: 99 })

  expect(JSON.parse(lines[0]!)).toEqual({
    level: 30,
    time: expect.any(String),
    msg: 'job',
    subject: 'pull',
    lane: 'interactive',
    pull: 7,
    repository: 42,
    installation: 9,
    attempt: 2,
    is: 'done',
    ms: 12,
  })
})

test('every line is one short line of JSON, whatever it is about (S01)', () => {
  const { log, lines } = openKept()
  log.jobs.failed({ where: 'x'.repeat(100_000), error: new Error(`a\nb\u0000c${'y'.repeat(100_000)}`) })
  log.intake.refused({ status: 401, because: 'wrong signature' })

  for (const line of lines) {
    expect(line.length).toBeLessThan(2000)
    expect(line.trimEnd()).not.toContain('\n')
    expect(() => JSON.parse(line)).not.toThrow()
  }
})

test('a flood of refusals does not become a flood of lines, and its size is told (S01)', async () => {
  const { log, lines } = openKept()
  const refuse = () => log.intake.refused({ status: 401, because: 'wrong signature' })
  for (let count = 0; count < 10_000; count++) refuse()
  await new Promise((resolve) => setTimeout(resolve, 1100))
  refuse()

  const told = lines.length
  expect(told).toBeLessThanOrEqual(61)
  expect(JSON.parse(lines.at(-1)!).untold).toBeGreaterThan(9900)
})

test('scrubbing a hostile text takes no time (S21)', () => {
  const scrub = openScrub(['canary-secret'])
  const start = performance.now()
  for (const text of [
    'a.'.repeat(1e6),
    '?token'.repeat(1e6),
    'x@'.repeat(1e6),
    '-----BEGIN PRIVATE KEY-----'.repeat(1e5),
  ])
    scrub(text)

  expect(performance.now() - start).toBeLessThan(200)
})

test('figures: queue, ends, calls, quota, conclusions, and how long people waited', async () => {
  const { inbox, now } = openTimed()
  const metrics = openMetrics({ inbox, now: () => new Date(now(90)), skew: { seconds: () => 3 } })
  inbox.enqueue(pullWork(7))
  const end = { attempt: 1, because: null, ms: 1, sinceEventMs: 12_000 } as const
  metrics.jobs.ended({ ...end, work: pullWork(7), is: 'done' })
  metrics.jobs.ended({ ...end, work: pullWork(7, { lane: 'sweep' }), is: 'dead' })
  metrics.apiCall('merge', 405)
  metrics.rateLimitLeft('core', 4999)
  metrics.ledgerLag(3)
  metrics.concluded('action_required')
  const text = await metrics.text()

  for (const line of [
    'weighbridge_jobs{state="waiting"} 1',
    'weighbridge_deliveries{state="dead"} 0',
    'weighbridge_oldest_job_seconds 90',
    'weighbridge_jobs_total{subject="pull",is="dead"} 1',
    'weighbridge_event_to_check_seconds_bucket{le="10"} 0',
    'weighbridge_event_to_check_seconds_bucket{le="20"} 1',
    'weighbridge_github_calls_total{operation="merge",status="405"} 1',
    'weighbridge_github_quota_left{resource="core"} 4999',
    'weighbridge_ledger_lag_seconds 3',
    'weighbridge_checks_total{conclusion="action_required"} 1',
  ])
    expect(text).toContain(line)
})

test('a thousand names of operations do not become a thousand series', async () => {
  const metrics = openMetrics({ inbox: openTimed().inbox, now: () => new Date(), skew: { seconds: () => null } })
  for (let index = 0; index < 1000; index++) metrics.apiCall(`operation ${index}`, 200)

  expect((await metrics.text()).match(/weighbridge_github_calls_total\{/g)).toHaveLength(101)
})
