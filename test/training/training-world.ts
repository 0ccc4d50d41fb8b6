import * as fc from 'fast-check'
import { type BudgetState, EMPTY_BUDGET } from '../../src/ledger/budget-state.ts'
import type { NewFact } from '../../src/ledger/fact.ts'
import { foldBudget } from '../../src/ledger/fold-budget.ts'
import { beforeFirst, type Line, makeLine } from '../../src/ledger/line.ts'
import type { JobAnnotation, JobNow, RunNow } from '../../src/ports/workflow-run.ts'
import type { Model } from '../../src/registry/model.ts'
import type { VersionRecord } from '../../src/registry/record.ts'
import type { BudgetLimits } from '../../src/training/budget.ts'
import { dispatchedFact, trainRequest } from '../../src/training/build-request.ts'
import type { DispatchWish } from '../../src/training/decide-dispatch.ts'
import { identityOf } from '../../src/training/identity.ts'
import type { Proposal } from '../../src/training/proposal.ts'
import type { OurDispatch, RunSeen } from '../../src/training/run-verdict.ts'
import { correlationOf, OUR_KEY } from '../adapters/ledger/ledger-world.ts'

/** Text of letters, marks of YAML and of shells, and characters that nobody sees. */
export const anyText = fc.string({
  unit: fc.constantFrom(
    ...'ab1.-:#{}[]&*!|>%@`,?~=<$"\'\\/ ',
    'ü',
    '😀',
    '\u0000',
    '\n',
    '\u0085',
    '\u200b',
    '\u202e',
    '\u2028',
    '\ud800',
  ),
  maxLength: 12,
})

export const SHA = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
export const BOT = 49_000
export const NOON = '2026-11-21T12:00:00Z'
export const digest = (letter: string) => `sha256:${letter.repeat(64)}`

export const LIMITS: BudgetLimits = {
  hoursPerMonth: 200,
  team: null,
  hoursPerRun: 12,
  parallelRuns: 4,
  parallelTrials: 256,
  runsPerUserPerDay: 20,
}

/** `/train churn` as comment number so and so asked for it. */
export function wish(number: number, over: Partial<DispatchWish> = {}, seed = 7): DispatchWish {
  const parameters = { learning_rate: 0.02, epochs: number }
  const request = trainRequest(
    {
      correlation: correlationOf(number),
      attempt: 1,
      model: 'churn',
      sha: SHA,
      runner: ['self-hosted', 'gpu'],
      limitMinutes: 720,
      artifacts: 's3://acme-models/registry',
    },
    { parameters, seed, resumeFrom: null },
  )
  const identity = identityOf({ model: 'churn', sha: SHA, data: [], parameters, seed })
  const by = { issue: 12, comment: 7000 + number, team: 'data-science', workflow: 'train.yml', identity, search: null }
  return { fact: dispatchedFact(request, by), request, limits: LIMITS, again: false, account: 7, at: NOON, ...over }
}

/** A budget after these facts. */
export function budgetAfter(...facts: readonly NewFact[]): BudgetState {
  const lines: Line[] = []
  for (const one of facts) lines.push(makeLine(one, lines.at(-1) ?? { seq: 0, digest: beforeFirst(42) }, OUR_KEY))
  return foldBudget(EMPTY_BUDGET, lines)
}

export const DISPATCH: OurDispatch = {
  correlation: correlationOf(1),
  attempt: 1,
  command: 'train',
  workflow: 'train.yml',
  sha: SHA,
  branch: 'main',
  bot: BOT,
  limitMinutes: 60,
  at: NOON,
  isCancelled: false,
}

const bot = { id: BOT, login: 'weighbridge[bot]', type: 'Bot' } as unknown as RunNow['actor']
export const bob = { id: 8, login: 'bob', type: 'User' } as unknown as RunNow['actor']

export function run(over: Partial<RunNow> = {}): RunNow {
  return {
    id: 901,
    attempt: 1,
    event: 'workflow_dispatch',
    path: '.github/workflows/train.yml',
    title: `train churn ${correlationOf(1)}.1`,
    headSha: SHA,
    headBranch: 'main',
    actor: bot,
    triggeringActor: bot,
    status: 'completed',
    conclusion: 'success',
    createdAt: NOON,
    url: 'https://github.example/acme/models/actions/runs/901',
    ...over,
  }
}

export function job(name: string, over: Partial<JobNow> = {}): JobNow {
  return {
    id: name === 'claim' ? 1 : 2,
    name,
    status: 'completed',
    conclusion: 'success',
    startedAt: NOON,
    completedAt: '2026-11-21T12:30:40Z',
    labels: ['self-hosted', 'gpu'],
    url: 'https://github.example/job',
    steps: [{ number: 1, name: 'Train', status: 'completed', conclusion: 'success' }],
    ...over,
  }
}

/** A run with a claim and one heavy job. */
export function seen(
  one: Partial<RunNow>,
  heavy: Partial<JobNow> | null,
  annotations: readonly JobAnnotation[] = [],
): RunSeen {
  const claim = job('claim', { completedAt: '2026-11-21T12:00:20Z' })
  return {
    run: run(one),
    jobs: heavy === null ? [claim] : [claim, job('train', heavy)],
    annotations: new Map([[2, annotations]]),
  }
}

export const MODEL: Model = {
  model: 'churn',
  task: 'binary',
  owner: 'data-science',
  features: [
    { name: 'tenure', type: 'number' },
    { name: 'age', type: 'number' },
  ],
  label: { name: 'churned', positive: 1 },
  evaluation: { data: { uri: 's3://acme-data/churn/eval.parquet', digest: digest('e') } },
  training: {
    parameters: {
      learning_rate: { type: 'number', min: 0.0001, max: 1, default: 0.01, search: 'log' },
      epochs: { type: 'integer', min: 1, max: 27, default: 20 },
      depth: { type: 'integer', min: 1, max: 8, default: 3, search: 'linear' },
      optimizer: { type: 'category', values: ['adam', 'sgd'], default: 'adam', search: 'linear' },
      warm: { type: 'boolean', default: true },
    },
  },
}

export const STORE = { artifacts: 's3://acme-models/registry', read: ['s3://acme-data/'] }

/** What `register` writes for `wish(1)`. */
export function proposal(over: Partial<Proposal> = {}, record: Partial<Proposal['record']> = {}): Proposal {
  return {
    schema: 'weighbridge.proposal/v1',
    engine: 'weighbridge 0.1.0',
    model: 'churn',
    correlation: correlationOf(1),
    trial: null,
    parameters: { learning_rate: 0.02, epochs: 1 },
    seed: 7,
    record: {
      model: 'churn',
      created: '2026-11-21T12:31:00Z',
      artifact: {
        uri: 's3://acme-models/registry/churn/candidates/9f86d081884c7d65/model.onnx',
        digest: digest('9'),
        size_bytes: 184_320,
        format: 'onnx',
      },
      features: ['tenure', 'age'],
      evaluation: { reference: { uri: 's3://acme-data/churn/train.parquet', digest: digest('d') } },
      training: { commit: SHA, compute: { gpu: 'h200', gpu_seconds: 1840 } },
      ...record,
    },
    validation: { data: { digest: digest('a'), rows: 4000 }, metrics: { roc_auc: 0.91 } },
    checkpoint: null,
    ...over,
  }
}

/** A version that exists already; trained with other numbers alone. */
export function recordOf(version: string, over: Partial<VersionRecord> = {}): VersionRecord {
  const { record } = proposal()
  const training = { commit: SHA, parameters: { learning_rate: 0.01, epochs: 20 }, seed: 3 }
  const artifact = { ...record.artifact, digest: digest('8') }
  return { ...record, version, artifact, training, ...over }
}
