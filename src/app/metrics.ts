import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Conclusion } from '../ports/check-run.ts'
import type { Inbox } from '../ports/inbox.ts'
import type { ClockSkew } from './clock-skew.ts'
import type { JobWatch } from './executor/executor.ts'

export interface MetricsOptions {
  readonly inbox: Inbox
  readonly now: () => Date
  readonly skew: Pick<ClockSkew, 'seconds'>
}

/** What the app counts; ids and names of repositories are no labels, so that their number cannot fill the memory. */
export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  readonly jobs: JobWatch
  /** An answer of GitHub, or 0 for none. */
  apiCall(operation: string, status: number): void
  rateLimitLeft(resource: 'core' | 'graphql', left: number): void
  /** Seconds between a merge and the ledger's line for it. */
  ledgerLag(seconds: number): void
  concluded(conclusion: Conclusion): void
}

const MOST_OPERATIONS = 100

/** Figures for Prometheus; those of the queue are read when somebody asks. */
export function openMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  queueGauges(options, registers)
  const jobs = new Counter({
    name: 'weighbridge_jobs_total',
    help: 'Ends of jobs',
    labelNames: ['subject', 'is'],
    registers,
  })
  const toCheck = new Histogram({
    name: 'weighbridge_event_to_check_seconds',
    help: 'From the oldest event that a job answers to its end',
    buckets: [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900],
    registers,
  })
  const faults = new Counter({ name: 'weighbridge_faults_total', help: 'Our own trouble', registers })
  const calls = new Counter({
    name: 'weighbridge_github_calls_total',
    help: 'Calls of GitHub by operation and status',
    labelNames: ['operation', 'status'],
    registers,
  })
  const left = new Gauge({
    name: 'weighbridge_github_quota_left',
    help: 'Calls left in this hour',
    labelNames: ['resource'],
    registers,
  })
  const lag = new Gauge({ name: 'weighbridge_ledger_lag_seconds', help: 'From a merge to its ledger line', registers })
  new Gauge({
    name: 'weighbridge_clock_skew_seconds',
    help: 'Our clock ahead of GitHub',
    registers,
    collect() {
      this.set(options.skew.seconds() ?? 0)
    },
  })
  const checks = new Counter({
    name: 'weighbridge_checks_total',
    help: 'Roll-ups written',
    labelNames: ['conclusion'],
    registers,
  })
  const known = new Set<string>()
  const bounded = (operation: string) => {
    if (known.size < MOST_OPERATIONS) known.add(operation)
    return known.has(operation) ? operation : 'other'
  }
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    jobs: {
      ended: ({ work, is, sinceEventMs }) => {
        jobs.inc({ subject: work.subject.kind, is })
        const isOfEvent = work.subject.kind === 'pull' && work.lane === 'interactive'
        if (is === 'done' && isOfEvent) toCheck.observe(Math.max(0, sinceEventMs / 1000))
      },
      failed: () => faults.inc(),
    },
    apiCall: (operation, status) => calls.inc({ operation: bounded(operation), status: String(status) }),
    rateLimitLeft: (resource, many) => left.set({ resource }, many),
    ledgerLag: (seconds) => lag.set(seconds),
    concluded: (conclusion) => checks.inc({ conclusion }),
  }
}

function queueGauges({ inbox, now }: MetricsOptions, registers: Registry[]): void {
  new Gauge({
    name: 'weighbridge_deliveries',
    help: 'Deliveries of the last 7 days by state',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, many] of Object.entries(inbox.counts().deliveries)) this.set({ state }, many)
    },
  })
  new Gauge({
    name: 'weighbridge_jobs',
    help: 'Jobs by state; dead ones want a person',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, many] of Object.entries(inbox.counts().jobs)) this.set({ state }, many)
    },
  })
  const age = (at: string | null) => (at === null ? 0 : Math.max(0, (now().getTime() - Date.parse(at)) / 1000))
  new Gauge({
    name: 'weighbridge_oldest_job_seconds',
    help: 'Age of the oldest waiting job',
    registers,
    collect() {
      this.set(age(inbox.counts().oldestWaiting))
    },
  })
  new Gauge({
    name: 'weighbridge_longest_run_seconds',
    help: 'How long the job has run that runs longest; one that hangs is freed by a restart',
    registers,
    collect() {
      this.set(age(inbox.counts().oldestRunning))
    },
  })
}
