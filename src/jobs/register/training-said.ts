import { type MlflowRun, readMlflowRun } from '../../adapters/mlflow/mlflow-run.ts'
import { type Parameters, parametersSchema } from '../../training/training-request.ts'
import type { AskedTraining } from './asked-training.ts'
import type { Complaints } from './complaints.ts'
import type { RegisterAsk } from './registration.ts'
import { parametersIn, readTrainingReport, scalarOf, type TrainingReport } from './training-report.ts'

/** Parameters, seed and metrics of a training, whoever said them. */
export interface TrainingSaid {
  readonly parameters: Parameters
  readonly seed: number | null
  readonly metrics: Readonly<Record<string, number | null>>
  /** Rows that the metrics were measured on, as the training says; null when it does not. */
  readonly rows: number | null
  readonly compute: TrainingReport['compute']
  readonly mlflow: MlflowRun | null
}

/** Options go before the training's own file, and that before MLflow; a request must agree with all of them. */
export async function trainingSaid(
  ask: RegisterAsk,
  asked: AskedTraining | null,
  pathOf: (path: string) => string,
  complaints: Complaints,
): Promise<TrainingSaid> {
  const { metrics: file, mlflow: folder } = ask
  const mlflow = folder === null ? null : await complaints.tried(`--mlflow ${folder}`, () => readMlflowRun(folder))
  const report = file === null ? null : await complaints.tried(`--metrics ${file}`, () => readTrainingReport(file))
  const given = await givenParameters(ask, pathOf, complaints)
  const said = { ...mlflowParameters(mlflow, complaints), ...report?.parameters, ...given }
  const seed = wholeNumber('--seed', ask.seed, complaints) ?? report?.seed ?? null
  if (asked !== null) mustAgree({ said, seed }, asked, complaints)
  const metrics = report?.validation?.metrics ?? mlflowMetrics(mlflow)
  return {
    parameters: asked?.parameters ?? said,
    seed: asked?.seed ?? seed,
    metrics,
    rows: report?.validation?.rows ?? null,
    compute: report?.compute,
    mlflow,
  }
}

async function givenParameters(
  { parameters }: RegisterAsk,
  pathOf: (path: string) => string,
  complaints: Complaints,
): Promise<Parameters> {
  const read = await Promise.all(
    parameters.map((one) => complaints.tried(`--parameters ${one}`, () => parametersIn(one, pathOf))),
  )
  return Object.assign({}, ...read)
}

/** A training that used other values than it was asked to is not what was asked for; options and MLflow know texts only. */
function mustAgree(
  { said, seed }: { readonly said: Parameters; readonly seed: number | null },
  asked: AskedTraining,
  complaints: Complaints,
): void {
  const mend = 'Let the training read the request, and register what it says.'
  for (const [name, value] of Object.entries(asked.parameters))
    if (Object.hasOwn(said, name) && said[name] !== value && said[name] !== scalarOf(String(value)))
      complaints.say(`parameters.${name}`, `was ${said[name]} in the training; asked for was ${value}`, mend)
  if (seed !== null && seed !== asked.seed)
    complaints.say('seed', `was ${seed} in the training; asked for was ${asked.seed}`, mend)
}

function mlflowParameters(run: MlflowRun | null, complaints: Complaints): Parameters {
  const all = Object.entries(run?.parameters ?? {}).map(([name, word]) => [name, scalarOf(word)] as const)
  const fit = all.filter(([name, value]) => parametersSchema.safeParse({ [name]: value }).success)
  for (const [name] of all.filter((one) => !fit.includes(one)))
    complaints.note(`the MLflow parameter ${name} is left out: no record can hold its name or value`)
  return Object.fromEntries(fit)
}

function mlflowMetrics(run: MlflowRun | null): TrainingSaid['metrics'] {
  const all = Object.entries(run?.metrics ?? {}).filter(([name]) => name.length <= 64)
  return Object.fromEntries(all.map(([name, value]) => [name, Number.isFinite(value) ? value : null]))
}

/** Null also for what is refused. */
export function wholeNumber(option: string, text: string | null, complaints: Complaints): number | null {
  if (text === null) return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  complaints.say(`${option} ${text}`, 'is no whole number of 0 or more', 'Write it as 7, for example.')
  return null
}
