import type { EvidenceReader, EvidenceRequest } from '../gates/evidence.ts'
import type { GateSubject, RecordFile } from '../gates/gate.ts'
import { gateNamed } from '../gates/index.ts'
import { planRules } from '../gates/plan-rules.ts'
import { applicableGate } from '../policy/applicable-gate.ts'
import type { Composed } from '../policy/compose.ts'
import { planPromotion } from '../policy/plan.ts'
import type { EnvironmentPlan, PlanDocument } from '../policy/plan-document.ts'
import type { PolicyFile } from '../policy/policy-file.ts'
import { type Snapshot, Unavailable } from '../ports.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import { suggest } from '../registry/did-you-mean.ts'
import type { Model } from '../registry/model.ts'
import { compareVersions } from '../registry/semantic-version.ts'
import { servedVersion } from '../serving/served-version.ts'
import { composeFor } from './compose-for.ts'
import { readDocuments } from './environment-reader.ts'
import { examOf } from './governing-exam.ts'
import type { Job } from './job.ts'
import { productionWindow } from './production-window.ts'
import { recordFile } from './record-file.ts'
import { openRegistry, type Read, type RegistryReader } from './registry-reader.ts'

const NO_ENVIRONMENT = 'this repository has no environment, so that nothing says what its models are held to'

export interface PlanInput {
  readonly snapshot: Snapshot
  /** Where models lie, when that is another repository. */
  readonly models?: Snapshot
  readonly model: string
  /** Only this environment; null: all. */
  readonly environment: string | null
  /** A policy of the command line in place of the environments' own. */
  readonly policy: Composed | null
  readonly shipped: ReadonlyMap<string, PolicyFile>
  readonly engine: string
  readonly now: string
  /** Where answers come from: measured here, or only looked up. */
  readonly gather: (requests: readonly EvidenceRequest[]) => Promise<EvidenceReader>
  /** Opens the job with which production rows are listed; null: nobody looks. */
  readonly job: ((configuration: Configuration) => Promise<Job>) | null
}

/** Evidence that a plan rests on; the rest says nothing of rows. */
const PLANNED: readonly EvidenceRequest['kind'][] = ['metrics', 'units', 'fairness', 'drift']

/**
 * For every environment of a model: which rules a model exactly as good as the one that serves would pass how often.
 *
 * The measure of chance is the distance between that version and the newest other one, on the same rows.
 *
 * @throws {Unavailable} when the registry, the model or every version of it cannot be read
 */
export async function planModel(input: PlanInput): Promise<PlanDocument> {
  const registry = openRegistry(input.snapshot, input.models)
  const configuration = present(
    await registry.configuration(),
    '.github/weighbridge.yml',
    'Start one: weighbridge init',
  )
  const model = present(await registry.model(input.model), `models/${input.model}/model.yml`, await known(input))
  const environments = configuration.environments.filter(
    ({ name }) => input.environment === null || input.environment === name,
  )
  if (configuration.environments.length === 0)
    throw new Unavailable('missing', NO_ENVIRONMENT, 'Plan in the repository that serves its models.')
  if (environments.length === 0) {
    const names = configuration.environments.map(({ name }) => name)
    const mend = suggest(input.environment ?? '', names, 'Environments')
    throw new Unavailable('missing', `there is no environment "${input.environment ?? ''}"`, mend)
  }
  const versions = [...(await registry.versions(input.model))].sort(compareVersions).reverse()
  const plans = await Promise.all(
    environments.map((environment) =>
      planEnvironment({ input, registry, configuration, model, versions }, environment),
    ),
  )
  const { task } = model
  const warnings = plans.flatMap(({ warnings: own }) => own)
  const documents = plans.map(({ plan }) => plan)
  return {
    schema: 'weighbridge.plan/v1',
    engine: input.engine,
    model: input.model,
    task,
    environments: documents,
    warnings,
  }
}

interface Planning {
  readonly input: PlanInput
  readonly registry: RegistryReader
  readonly configuration: Configuration
  readonly model: Model
  /** Newest first. */
  readonly versions: readonly string[]
}

async function planEnvironment(planning: Planning, environment: Environment) {
  const { input, registry, configuration } = planning
  const documents = await readDocuments(input.snapshot, registry, environment, configuration.store)
  const served = servedVersion(documents, input.model)
  const subject = await subjectOf(planning, environment, served.status === 'served' ? served.version : null)
  const composed = input.policy ?? (await composeFor(subject, registry, input.shipped))
  const requests = planPromotion(subject, composed).filter(({ kind }) => PLANNED.includes(kind))
  const evidence = await input.gather(requests)
  return {
    plan: environmentPlan(subject, composed, evidence, requests),
    warnings: composed.mistakes.map((mistake) => ({
      code: 'policy',
      message: `${mistake.path}:${mistake.line} ${mistake.what}`,
    })),
  }
}

/** The newest other version as candidate against the one that serves; alone, a version stands without incumbent. */
async function subjectOf(planning: Planning, environment: Environment, served: string | null): Promise<GateSubject> {
  const { input, configuration, model, versions } = planning
  const [base, other = null] = await twoVersions(planning, served)
  const candidate = other ?? base
  const incumbent = other === null ? null : base
  const change = {
    kind: 'promotion' as const,
    path: candidate.path,
    model: model.model,
    environment: environment.name,
    from: incumbent?.record.version ?? null,
    to: candidate.record.version,
  }
  const none = { status: 'none' as const, because: 'nobody looked at production', mend: 'weighbridge plan does.' }
  return {
    change,
    configuration,
    environment,
    model,
    candidate,
    incumbent,
    incumbentSource: incumbent === null ? 'none' : 'served',
    exam: examOf(model, base, model, base.record),
    rollback: false,
    now: input.now,
    registry: {
      mistakes: [],
      changes: [change],
      parent: null,
      versions,
      firstDigest: null,
      conflicts: [],
      headExam: null,
      recordsConsidered: versions.length,
    },
    manifest: { documents: [], strays: [] },
    history: { liveInEarlier: null, firstHere: incumbent === null },
    drift: input.job === null ? none : await productionWindow(model, input.now, await input.job(configuration)),
    github: null,
  }
}

function environmentPlan(
  subject: GateSubject,
  composed: Composed,
  evidence: EvidenceReader,
  requests: readonly EvidenceRequest[],
): EnvironmentPlan {
  const asked = composed.gates.filter((gate) => gate.declared)
  const planned = asked.map((gate) => ({ gate, rules: planRules(subject, applicableGate(subject, gate), evidence) }))
  const rules = planned.flatMap(({ rules: own }) => own ?? [])
  const binding = rules.filter(({ advisory, chance }) => !advisory && chance !== null)
  const { incumbent, candidate, exam } = subject
  return {
    environment: subject.environment.name,
    policy: composed.sources,
    version: (incumbent ?? candidate).record.version,
    compared: incumbent === null ? null : candidate.record.version,
    exam: exam && { uri: exam.data.uri, digest: exam.data.digest },
    rows: rowsOf(requests, evidence),
    rules,
    all:
      binding.length === 0
        ? null
        : Math.max(
            0,
            binding.reduce((sum, { chance }) => sum + (chance ?? 0), 1 - binding.length),
          ),
    not_planned: planned
      .filter(({ rules: own, gate }) => own === null && gateNamed(gate.gate) !== undefined)
      .map(({ gate }) => gate.gate),
  }
}

function rowsOf(requests: readonly EvidenceRequest[], evidence: EvidenceReader): number | null {
  for (const request of requests) {
    if (request.kind !== 'metrics' && request.kind !== 'fairness') continue
    const answer = request.kind === 'metrics' ? evidence.of<'metrics'>(request) : evidence.of<'fairness'>(request)
    if (answer.status === 'present') return answer.facts.candidate.rows
  }
  return null
}

/** The version that serves, else the newest, and the newest other one; records that cannot be read are passed over. */
async function twoVersions(
  { registry, model, versions }: Planning,
  served: string | null,
): Promise<readonly [RecordFile, RecordFile?]> {
  const found: RecordFile[] = []
  for (const version of new Set([...(served === null ? [] : [served]), ...versions])) {
    const reading = await registry.record(model.model, version)
    if (reading?.ok) found.push(recordFile(model.model, version, reading))
    if (found.length === 2) break
  }
  const [base, other] = found
  if (base !== undefined) return other === undefined ? [base] : [base, other]
  throw new Unavailable('missing', `${model.model} has no version that can be read`, 'weighbridge validate says why.')
}

async function known({ snapshot, models = snapshot, model }: PlanInput): Promise<string> {
  const paths = (await models.list('models')).map((entry) => entry.path)
  const names = [...new Set(paths.flatMap((path) => /^models\/([^/]+)\/model\.yml$/.exec(path)?.[1] ?? []))]
  return suggest(model, names, 'Models')
}

function present<Value>(reading: Read<Value>, path: string, mend: string): Value {
  if (reading === null) throw new Unavailable('missing', `${path} is not there`, mend)
  if (reading.ok) return reading.value
  const [first] = reading.mistakes
  const what = `${path}:${first?.line ?? 1} ${first?.what ?? 'has mistakes'}`
  throw new Unavailable('missing', what, 'weighbridge validate shows every mistake.')
}
