import { openCheckpoints } from '../jobs/register/checkpoints.ts'
import { isUri } from '../jobs/register/given-file.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { pathFrom } from './parse.ts'

const USAGE = 'checkpoint save FILE --to URI, or checkpoint load --from URI --to FILE.'

/** Saves a checkpoint of a training in the store, or loads one from it. */
export async function run(input: CommandInput): Promise<number> {
  const [what, file] = input.positionals
  if (what === 'save' && file !== undefined) return save(input, file)
  if (what === 'load' && file === undefined) return load(input)
  if (what !== 'save' && what !== 'load') throw new InvalidCommand(`there is no checkpoint ${what}`, `Write ${USAGE}`)
  throw new InvalidCommand(
    what === 'save' ? 'the file is missing' : `"${file}" is one argument too many`,
    `Write ${USAGE}`,
  )
}

async function save(input: CommandInput, file: string): Promise<number> {
  const to = input.text('to') ?? ''
  if (!isUri(to)) throw new InvalidCommand(`--to ${to} is no URI`, 'Name s3://bucket/key, below store.artifacts.')
  const checkpoints = await openCheckpoints(input.folder, input.terminal.progress)
  const saved = await checkpoints.save(pathFrom(input.calledFrom, file), to)
  if (input.json) input.terminal.document({ schema: 'weighbridge.checkpoint/v1', saved: true, ...saved })
  else input.terminal.line(`${saved.uri} ${saved.is === 'there' ? 'was there' : 'saved'}, ${saved.digest}`)
  return EXIT.passed
}

async function load(input: CommandInput): Promise<number> {
  const from = input.text('from')
  const to = input.text('to') ?? ''
  if (from === undefined || !isUri(from)) throw new InvalidCommand('--from URI is missing', `Write ${USAGE}`)
  const checkpoints = await openCheckpoints(input.folder, input.terminal.progress)
  const loaded = await checkpoints.load(from, pathFrom(input.calledFrom, to))
  if (input.json) input.terminal.document({ schema: 'weighbridge.checkpoint/v1', saved: false, ...loaded })
  else input.terminal.line(`${to} holds ${loaded.uri}, ${loaded.digest}`)
  return EXIT.passed
}
