import { cancel } from './cancel.ts'
import type { CommandName } from './command.ts'
import { compare } from './compare.ts'
import { explain } from './explain.ts'
import { freeze } from './freeze.ts'
import { help } from './help.ts'
import { hold } from './hold.ts'
import { promote } from './promote.ts'
import { retire } from './retire.ts'
import type { SlashCommand } from './slash-command.ts'
import { status } from './status.ts'
import { train } from './train.ts'
import { tune } from './tune.ts'
import { unfreeze } from './unfreeze.ts'
import { unhold } from './unhold.ts'
import { waive } from './waive.ts'
import { weigh } from './weigh.ts'

/** Every slash command, in the order in which help shows them. */
export const SLASH_COMMANDS: readonly SlashCommand[] = [
  help,
  status,
  train,
  tune,
  cancel,
  promote,
  compare,
  weigh,
  explain,
  waive,
  hold,
  unhold,
  freeze,
  unfreeze,
  retire,
]

const BY_NAME: ReadonlyMap<string, SlashCommand> = new Map(SLASH_COMMANDS.map((command) => [command.name, command]))

/** A command by its name. */
export function slashCommandNamed(name: CommandName): SlashCommand {
  const found = BY_NAME.get(name)
  if (found === undefined) throw new RangeError(`there is no command ${name}`)
  return found
}
