import { openServingLog } from '../adapters/checkout/serving-log.ts'
import { type LocalFacts, localFacts } from '../jobs/local-facts.ts'
import { type EnvironmentHistory, readHistory, type ServingChange } from '../jobs/read-history.ts'
import { openRegistry } from '../jobs/registry-reader.ts'
import { auditRow } from '../ledger/audit.ts'
import type { Line } from '../ledger/line.ts'
import type { Configuration } from '../registry/configuration.ts'
import { suggest } from '../registry/did-you-mean.ts'
import { type CommandInput, EXIT, InvalidCommand, InvalidRecord } from './command.ts'
import { openRegistryAt, type RegistryAt } from './registry-at.ts'
import { modelSubject, unknownModel } from './subject.ts'
import { table } from './table.ts'

/** What environments served of a model and when, and what the ledger says of it. */
export async function run(input: CommandInput): Promise<number> {
  const model = modelSubject('history', input.positionals[0] ?? '')
  const at = await openRegistryAt(input)
  const histories = await historyOf(input, at, { model, environment: input.positionals[1] })
  const facts = await localFacts(at.checkout, { model, environment: input.positionals[1] })
  if (input.json) {
    const ledger = facts === null ? null : { tip: facts.tip, verified: false, facts: facts.lines.map(auditRow) }
    const environments = histories.map((history) => withFacts(history, facts))
    input.terminal.document({ schema: 'weighbridge.history/v1', ref: at.snapshot.sha, model, environments, ledger })
  } else for (const line of linesOf(model, histories, facts)) input.terminal.line(line)
  return EXIT.passed
}

/** What environments served of a model, read at a commit. */
export async function historyOf(
  input: CommandInput,
  at: RegistryAt,
  asked: { readonly model: string; readonly environment: string | undefined },
): Promise<readonly EnvironmentHistory[]> {
  const configuration = await configurationOf(at, asked.model)
  const { environments, store } = configuration
  const names = environments.map(({ name }) => name)
  const { environment } = asked
  if (environment !== undefined && !names.includes(environment))
    throw new InvalidCommand(
      `there is no environment "${environment}"`,
      suggest(environment, names, 'Environments here'),
    )
  const elsewhere = at.models.checkout === at.checkout ? undefined : at.models.snapshot
  return readHistory({
    log: await openServingLog(at.checkout.root, at.snapshot.sha),
    snapshotAt: at.checkout.snapshot,
    registryAt: (snapshot) => openRegistry(snapshot, elsewhere),
    environments: environments.filter(({ name }) => environment === undefined || name === environment),
    store,
    model: asked.model,
    progress: input.terminal.progress,
  })
}

async function configurationOf({ snapshot, models }: RegistryAt, model: string): Promise<Configuration> {
  const registry = openRegistry(snapshot, models.snapshot)
  const [configuration, reading] = await Promise.all([registry.configuration(), registry.model(model)])
  if (reading === null) {
    const entries = await models.snapshot.list('models')
    throw unknownModel(
      model,
      entries.map(({ path }) => path),
    )
  }
  if (configuration === null)
    throw new InvalidCommand('.github/weighbridge.yml is not there', 'Start a registry with: weighbridge init')
  if (!configuration.ok) throw new InvalidRecord(configuration.mistakes)
  return configuration.value
}

/** Kinds of facts that name the commit of a change. */
function factsOn(change: ServingChange, facts: LocalFacts | null, environment: string): readonly Line[] {
  return (facts?.lines ?? []).filter(({ fact, scope }) => {
    if (scope === 'budget' || scope.environment !== environment) return false
    const { commit, merge_commit } = fact as { readonly commit?: unknown; readonly merge_commit?: unknown }
    return commit === change.sha || merge_commit === change.sha
  })
}

function withFacts(history: EnvironmentHistory, facts: LocalFacts | null) {
  return {
    ...history,
    changes: history.changes.map(({ sha, ...change }) => ({
      commit: sha,
      ...change,
      facts: factsOn({ sha, ...change }, facts, history.environment).map(({ seq }) => seq),
    })),
  }
}

/** `decided passed, deployed, verified` */
function factText({ fact }: Line): string {
  return fact.kind === 'decided' || fact.kind === 'unweighed' ? `${fact.kind} ${fact.status}` : fact.kind
}

function linesOf(model: string, histories: readonly EnvironmentHistory[], facts: LocalFacts | null): readonly string[] {
  return [
    ...(histories.length === 0 ? [NO_ENVIRONMENT] : []),
    ...histories.flatMap((history) => environmentLines(model, history, facts)),
    ...(facts === null ? [NO_LEDGER] : ledgerLines(facts)),
  ]
}

const NO_ENVIRONMENT = 'This repository has no environment: where its models serve is told there.'
const NO_LEDGER = 'No ledger in this clone: what was verified, quarantined and decided is not known here.'

function environmentLines(model: string, history: EnvironmentHistory, facts: LocalFacts | null): readonly string[] {
  const { environment, serves, changes, is_cut_short } = history
  if (changes.length === 0) return [`${environment} never served ${model}.`, '']
  const rows = changes.map((change) => [
    change.to ?? (change.how === 'removed' ? 'none' : 'unclear'),
    change.how,
    dayAndTime(change.at),
    change.until === null ? 'now' : dayAndTime(change.until),
    change.sha.slice(0, 12),
    change.author.slice(0, 30),
    factsOn(change, facts, environment).map(factText).join(', ') || change.subject.slice(0, 60),
  ])
  return [
    `${environment} serves ${serves === null ? `no version of ${model}` : `${model} ${serves}`}`,
    ...table(['version', 'how', 'from', 'until', 'commit', 'by', facts === null ? 'subject' : 'ledger'], rows),
    ...(is_cut_short ? ['Older commits were not looked at.'] : []),
    '',
  ]
}

const SHOWN_FACTS = 30

function ledgerLines({ tip, lines }: LocalFacts): readonly string[] {
  const rows = lines.slice(-SHOWN_FACTS).map(auditRow)
  const cells = rows.map(({ seq, at, kind, scope, says }) => [String(seq), dayAndTime(at), kind, scope, says])
  const more = lines.length > SHOWN_FACTS ? `, the last ${SHOWN_FACTS} of ${lines.length}` : ''
  return [
    `The ledger in this clone (${tip.slice(0, 12)}, not verified here)${more}:`,
    ...(rows.length === 0 ? ['it says nothing of this model'] : table(['seq', 'at', 'kind', 'scope', 'says'], cells)),
  ]
}

/** `2026-11-20 09:12`, UTC. */
function dayAndTime(at: string): string {
  const moment = new Date(at)
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString().slice(0, 16).replace('T', ' ')
}
