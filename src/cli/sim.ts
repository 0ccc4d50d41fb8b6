import { appManifest } from '../demo/app-in-world.ts'
import { readScenario } from '../world/sim/read-scenario.ts'
import { runScenario, type SimReport } from '../world/sim/run-scenario.ts'
import type { OpenBot } from '../world/sim/sim-bot.ts'
import type { AppManifest } from '../world/world-app.ts'
import { type CommandInput, EXIT, InvalidCommand, InvalidRecord } from './command.ts'
import { pathFrom } from './parse.ts'
import { openSimApp } from './sim-app.ts'

/** The app that plays: what it asks for on GitHub, and how it starts. */
export interface SimApp {
  readonly manifest: AppManifest
  readonly openBot: OpenBot
}

/** Plays scenarios with the app itself. */
export function run(input: CommandInput): Promise<number> {
  return runSim(input, { manifest: appManifest(), openBot: openSimApp })
}

/** Plays scenario files against an emulated GitHub: 0 when all is as expected, 1 when not, 2 for a bad scenario. */
export async function runSim(input: CommandInput, { manifest, openBot }: SimApp): Promise<number> {
  if (input.positionals.length === 0)
    throw new InvalidCommand('no scenario is named', 'Write weighbridge sim scenario.yml.')
  const reports: { readonly file: string; readonly report: SimReport }[] = []
  for (const file of input.positionals) {
    const reading = await readScenario(pathFrom(input.calledFrom, file)).catch(refuseUnreadable(file))
    if (!reading.ok) throw new InvalidRecord(reading.mistakes)
    const progress = (text: string) => input.terminal.progress(`${file}: ${text}`)
    const scenario = reading.value
    const report = await runScenario({ scenario, checkout: input.folder, manifest, openBot, progress })
    reports.push({ file, report })
    if (!input.json) tell(input, file, report)
  }
  if (input.json) input.terminal.document({ schema: 'weighbridge.sim/v1', scenarios: reports.map(documentOf) })
  return reports.every(({ report }) => report.unmet.length === 0) ? EXIT.passed : EXIT.held
}

function documentOf({ file, report }: { readonly file: string; readonly report: SimReport }) {
  const { about, expectations, unmet, writes, contractBreaks } = report
  return { file, about, expectations, unmet, writes, contract_breaks: contractBreaks }
}

function tell({ terminal }: CommandInput, file: string, { about, expectations, unmet }: SimReport): void {
  const isMet = unmet.length === 0
  const mark = isMet ? terminal.style('green', 'as expected') : terminal.style('red', 'not as expected')
  terminal.line(`${file}: ${mark} (${expectations} expectations). ${about}`)
  for (const { where, what } of unmet) terminal.line(`  ${where}: ${what}`)
}

/** A name that leads to no file is the caller's to mend; everything else is ours. */
function refuseUnreadable(file: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (!['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(error.code ?? '')) throw error
    throw new InvalidCommand(
      `${file} cannot be read (${error.code})`,
      'Name a scenario file: weighbridge sim scenario.yml.',
    )
  }
}
