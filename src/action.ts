import { setTimeout as pause } from 'node:timers/promises'
import { ACTION_COMMANDS } from './action/action-commands.ts'
import type { AskedCommand } from './action/asked-command.ts'
import { readInputs } from './action/read-inputs.ts'
import { refusedAnswer } from './action/refused-answer.ts'
import { failsStep, guardLog, tellRunner } from './action/runner-door.ts'
import type { StepAnswer } from './action/step-answer.ts'
import type { StepContext } from './action/step-context.ts'
import { endWork, interruptible } from './adapters/job-folder.ts'
import { InvalidRecord } from './cli/command.ts'
import { explain } from './cli/trouble.ts'

/** The workflow's door: reads the inputs of a step, runs one command, tells the runner; exit code 1 fails the step. */
export async function main(): Promise<void> {
  interruptible(() => undefined)
  const log = guardLog((line) => process.stdout.write(`${line}\n`))
  const step: StepContext = {
    env: process.env,
    folder: process.cwd(),
    log: log.line,
    fetch,
    wait: async (ms) => void (await pause(ms)),
  }
  const { answer, failOn } = await answered(step)
  // what has a summary has said it already
  if (answer.summary === '') log.line(answer.because)
  log.open()
  await tellRunner(answer, failOn)
  process.exitCode = failsStep(answer, failOn) ? 1 : 0
  endWork()
}

async function answered(
  step: StepContext,
): Promise<{ readonly answer: StepAnswer; readonly failOn: AskedCommand['failOn'] }> {
  try {
    const { WEIGHBRIDGE_INPUTS: inputs } = process.env
    // the token is in them, and what we start need not have it
    delete process.env.WEIGHBRIDGE_INPUTS
    const asked = readInputs(inputs, ACTION_COMMANDS)
    const command = ACTION_COMMANDS.find(({ name }) => name === asked.name)
    if (command === undefined) throw new Error(`${asked.name} is in no list`)
    const { run } = await command.load()
    return { answer: await run(asked, step), failOn: asked.failOn }
  } catch (error) {
    return { answer: refusalFor(error, step), failOn: 'undecided' }
  }
}

/** What went wrong in the words of the command line. */
function refusalFor(error: unknown, { log }: StepContext): StepAnswer {
  const said: string[] = []
  const complain = (text: string) => {
    said.push(text)
    log(text)
  }
  explain(error, { complain, document: () => undefined }, false)
  const mistakes = error instanceof InvalidRecord ? error.mistakes : []
  return refusedAnswer(said, mistakes)
}
