import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dispatchInTitle } from '../../src/training/correlation.ts'
import type { TrainingRequest, Trial } from '../../src/training/training-request.ts'
import { dispatchWorkflow } from '../../src/world/github/actions/dispatch-workflow.ts'
import { editIssue } from '../../src/world/github/acts/write-issue.ts'
import type { JobOrder, ScriptedJob } from '../../src/world/github/github-state.ts'
import type { World } from '../../src/world/world.ts'
import { fixtureBytes, SETS } from './fixture-sets.ts'
import type { Story } from './github-world.ts'
import { modelFile, STORE, stored, storedTable } from './registry-files.ts'
import { as } from './story-acts.ts'
import { ROLES } from './story-registry.ts'

/** What model.yml lets `/train` set and `/tune` search. */
const PARAMETERS = {
  learning_rate: { type: 'number', min: 0.001, max: 1, default: 0.05, search: 'log' },
  epochs: { type: 'integer', min: 1, max: 81, default: 20 },
}

/** `runs-on` of heavy jobs. */
export const GPU = 'gpu'

export const TRAINER_ROLES = { ...ROLES, trainer: { teams: ['science'] } }

/** Where training may spend, in a story that says nothing else. */
export const BUDGET = { gpu_hours_per_month: 200, gpu_hours_per_run: 1 }

const WORKFLOW = `run-name: train \${{ fromJSON(inputs.request).model }} \${{ inputs.correlation }}
on:
  workflow_dispatch:
    inputs:
      request: {type: string, required: true}
      correlation: {type: string, required: true}
concurrency: {group: 'weighbridge-\${{ inputs.correlation }}'}
jobs:
  claim:
    runs-on: small
    outputs: {claimed: '\${{ steps.claim.outputs.claimed }}'}
    steps: [{id: claim, run: 'true'}]
`

const TRAIN = `${WORKFLOW}  train:
    needs: claim
    if: needs.claim.outputs.claimed == 'true'
    runs-on: \${{ fromJSON(inputs.request).runner }}
    timeout-minutes: \${{ fromJSON(inputs.request).limit_minutes }}
    steps: [{name: Train, run: 'true'}]
`

const TUNE = `${WORKFLOW}  trial:
    needs: claim
    if: needs.claim.outputs.claimed == 'true'
    strategy:
      fail-fast: false
      max-parallel: \${{ fromJSON(inputs.request).parallel }}
      matrix: {trial: '\${{ fromJSON(inputs.request).trials }}'}
    name: trial \${{ matrix.trial.trial }}
    runs-on: \${{ fromJSON(inputs.request).runner }}
    timeout-minutes: \${{ fromJSON(inputs.request).limit_minutes }}
    steps: [{name: Train, run: 'true'}]
`

const TRAINING = { workflow: 'train.yml', runner: GPU, parameters: PARAMETERS }

/** The files that let a repository of stories train: workflows, and model.yml with its parameters. */
export const TRAINING_FILES = {
  '.github/workflows/train.yml': TRAIN,
  '.github/workflows/tune.yml': TUNE,
  'models/adult/model.yml': modelFile('adult', { training: TRAINING }).content.toString(),
  /** It has no version yet. */
  'models/fresh/model.yml': modelFile('adult', { training: TRAINING }, 'fresh').content.toString(),
}

/** How a heavy job goes; the default trains for ten minutes and proposes a candidate. */
export type HeavyJob = (of: {
  readonly request: TrainingRequest
  readonly trial: Trial | null
  readonly order: JobOrder
}) => ScriptedJob

export interface ScriptedRuns {
  /** Runs that came to a heavy job, by the dispatch that their titles name. */
  readonly heavy: readonly string[]
}

const MINUTE = 60_000

/**
 * Runners that execute nothing: `small` claims as the Action does, `gpu` does what the story says.
 *
 * @param store  folder that `file:` lies in: what is proposed is there
 */
export function runsTrainings(world: World, store: string, heavyJob: HeavyJob = trained(store)): ScriptedRuns {
  const heavy: string[] = []
  world.actions.runner({ labels: ['small'], script: (order) => claim(world, order) })
  world.actions.runner({
    labels: [GPU],
    places: 64,
    script: (order) => {
      const request = JSON.parse(String(order.run.inputs.request)) as TrainingRequest
      heavy.push(order.run.displayTitle.split(' ').at(-1) ?? '')
      const trial = (order.job.matrix as { trial?: Trial } | null)?.trial ?? null
      return heavyJob({ request, trial, order })
    },
  })
  return { heavy }
}

/** The oldest run with a title goes on; and only at the commit that was asked for. */
function claim(world: World, { run }: JobOrder): ScriptedJob {
  const request = JSON.parse(String(run.inputs.request)) as TrainingRequest
  if (run.headSha !== request.sha) return { conclusion: 'failure', annotations: [failure('another commit')] }
  const name = dispatchInTitle(run.displayTitle)
  const same = world.actions.runs.filter(({ displayTitle }) => displayTitle === run.displayTitle)
  const isOldest = name !== null && Math.min(...same.map(({ id }) => id)) === run.id
  return { outputs: { claimed: String(isOldest) }, durationMs: 1000 }
}

export function failure(message: string) {
  return { annotation_level: 'failure', message } as const
}

/** Trains for ten minutes and proposes bytes that nobody has recorded. */
export function trained(store: string, { minutes = 10 }: { readonly minutes?: number } = {}): HeavyJob {
  return ({ request, trial, order }) => {
    const name = trial === null ? 'weighbridge-proposal' : `weighbridge-trial-${trial.trial}`
    const proposal = proposalOf(store, { request, trial, run: order.run.id })
    return {
      durationMs: minutes * MINUTE,
      steps: [{ name: 'Train' }],
      artifacts: { [name]: { 'proposal.json': JSON.stringify(proposal) } },
      log: 'epoch 20/20',
    }
  }
}

/** What `weighbridge register` writes at the end of a training. */
export function proposalOf(
  store: string,
  {
    request,
    trial,
    value = 0.9,
  }: { readonly request: TrainingRequest; readonly trial: Trial | null; readonly run: number; readonly value?: number },
) {
  const asked = trial ?? (request as Extract<TrainingRequest, { command: 'train' }>)
  const bytes = Buffer.concat([
    fixtureBytes('adult/models/1.1.0.onnx'),
    Buffer.from([0x32, `${asked.seed}`.length, ...Buffer.from(`${asked.seed}`)]),
  ])
  const { file, reference } = stored(`${request.model}/candidates/trained-${asked.seed}/model.onnx`, bytes)
  keep(store, file)
  const { features, exam, train } = SETS.adult
  return {
    schema: 'weighbridge.proposal/v1',
    engine: 'weighbridge 0.0.0',
    ...{ model: request.model, correlation: request.correlation, trial: trial?.trial ?? null },
    ...{ parameters: asked.parameters, seed: asked.seed },
    record: {
      model: request.model,
      created: '2026-11-20T08:00:00Z',
      artifact: { ...reference, size_bytes: bytes.length, format: 'onnx' },
      features: features.map(({ name }) => name),
      evaluation: {
        data: storedTable(exam).reference,
        reference: storedTable(train).reference,
        claims: { roc_auc: 0.9 },
      },
      training: {
        commit: request.sha,
        parameters: asked.parameters,
        seed: asked.seed,
        compute: { gpu: 'h200', gpu_seconds: 600 },
      },
    },
    validation: {
      data: { ...storedTable('adult/train.parquet').reference, rows: 16000 },
      metrics: { roc_auc: trial === null ? value : validationValue(trial) },
    },
    checkpoint: null,
  }
}

function keep(
  store: string,
  { path, content }: { readonly path: string; readonly content: string | Uint8Array },
): void {
  if (!path.startsWith(STORE)) throw new RangeError(`${path} is not of the store`)
  mkdirSync(dirname(join(store, path)), { recursive: true })
  writeFileSync(join(store, path), content)
}

/** A machine that is taken away after five minutes, so many times, each time with a checkpoint that was kept. */
export function preemptedTimes(store: string, times: number): HeavyJob {
  let left = times
  const whole = trained(store)
  return (of) => {
    if (left-- <= 0) return whole(of)
    const path = `${of.request.checkpoints.replace('file:', '')}epoch-00005.pt`
    keep(store, { path, content: 'weights' })
    keep(store, { path: `${path}.sha256`, content: 'digest' })
    return {
      conclusion: 'failure',
      durationMs: 5 * MINUTE,
      steps: [{ name: 'Train', conclusion: 'failure' }],
      annotations: [failure('Process completed with exit code 75.')],
    }
  }
}

/** Somebody closes an issue. */
export async function closesIssue(story: Story, by: string, number: number): Promise<void> {
  await editIssue(story.world.github.running, as(story, by), {
    ...{ repository: story.repository.id, number },
    state: 'closed',
  })
}

/** Somebody who may write starts a workflow by hand. */
export async function dispatches(
  story: Story,
  by: string,
  file: string,
  inputs: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { id: repository } = story.repository
  await dispatchWorkflow(story.world.github.running, as(story, by), { repository, workflow: file, ref: 'main', inputs })
}

/** The best learning rate is 0.03, and more epochs are better. */
function validationValue({ parameters: { learning_rate: rate, epochs } }: Trial): number {
  return 0.9 - 0.01 * Math.abs(Math.log(Number(rate) / 0.03)) - 0.1 / Number(epochs)
}
