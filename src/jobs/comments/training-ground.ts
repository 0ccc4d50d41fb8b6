import type { TrainCommand, TuneCommand } from '../../commands/command.ts'
import type { Configuration } from '../../registry/configuration.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import type { Model } from '../../registry/model.ts'
import { classifyPath } from '../../registry/registry-path.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { type BudgetLimits, budgetLimits } from '../../training/budget.ts'
import { runnerOf } from '../../training/build-request.ts'
import type { CommentJob } from './comment-job.ts'

/** Seed of a training or search for which none is named: the same question is the same training. */
export const DEFAULT_SEED = 7

/** What a training or search may use: everything at the tip of the default branch, never the pull request's head. */
export interface TrainingGround {
  readonly configuration: Configuration
  readonly model: Model
  /** The tip: what is dispatched. */
  readonly sha: string
  readonly runner: string | readonly string[]
  readonly limits: BudgetLimits
}

export type GroundReading =
  | { readonly is: 'ready'; readonly ground: TrainingGround }
  /** Markdown. */
  | { readonly is: 'refused'; readonly text: string }

/** What the tip of the default branch says about training a model on a runner, or why nothing can be trained. */
export async function trainingGround(job: CommentJob, asked: TrainCommand | TuneCommand): Promise<GroundReading> {
  const { configuration, now, registry } = job
  if (configuration === null)
    return refused('`.github/weighbridge.yml` is absent from the default branch, or has mistakes.')
  if (configuration.registry !== undefined) return refused(elsewhereText(configuration.registry.repository))
  const reading = await registry.model(asked.model)
  if (reading === null)
    return refused(`there is no model "${asked.model}" here. ${await knownModels(job, asked.model)}`)
  if (!reading.ok) return refused(`models/${asked.model}/model.yml has mistakes: mend it first.`)
  const model = reading.value
  if (model.training === undefined)
    return refused(`models/${asked.model}/model.yml says nothing of training: add training: {workflow: train.yml}.`)
  const word = takenWord(asked, model)
  if (word !== undefined)
    return refused(`${word} is a word of /${asked.name} itself, and a parameter in model.yml: rename it there.`)
  const runner = chosenRunner(asked.runner, model, configuration)
  if (runner.is === 'refused') return runner
  const limits = budgetLimits(configuration, model.owner ?? null)
  return { is: 'ready', ground: { configuration, model, sha: now.tip, runner: runner.runner, limits } }
}

function refused(because: string): Extract<GroundReading, { is: 'refused' }> {
  return { is: 'refused', text: `Not done: ${escapeMarkdown(because)}` }
}

/** The run, its budget and its record belong to the repository of the models. */
function elsewhereText(repository: string): string {
  return `models of this repository lie in ${repository}: write the same in an issue there. Its own .github/weighbridge.yml says who may train and what it may cost; without a deployment of its own it has environments: [].`
}

/** Whether a word that was written may mean a parameter of the model as well: then nobody knows which was meant. */
function takenWord(asked: TrainCommand | TuneCommand, { training }: Model): string | undefined {
  const { name: _, model: __, parameters: ___, ...words } = asked
  const written = Object.entries(words).filter(([, value]) => value !== null && value !== false)
  return written.map(([word]) => word).find((word) => Object.hasOwn(training?.parameters ?? {}, word))
}

async function knownModels({ registry }: CommentJob, name: string): Promise<string> {
  const found = (await registry.snapshot.list('models')).map(({ path }) => classifyPath(path, null))
  const models = found.flatMap((is) => (is.kind === 'model' ? [is.model] : []))
  return suggest(name, models, 'Models')
}

/** A machine costs money and sees secrets: only model.yml's own, or one that the configuration lists. */
function chosenRunner(asked: string | null, model: Model, { training }: Configuration) {
  const own = runnerOf(model, null)
  const allowed = [...(typeof own === 'string' ? [own] : []), ...(training?.runners ?? [])]
  if (asked === null || asked === own) return { is: 'chosen' as const, runner: own }
  if (allowed.includes(asked)) return { is: 'chosen' as const, runner: asked }
  const known = allowed.length === 0 ? 'None may be named' : `Runners: ${allowed.join(', ')}`
  return refused(`runner ${asked} is not allowed. ${known}; training.runners of the configuration lists them.`)
}
