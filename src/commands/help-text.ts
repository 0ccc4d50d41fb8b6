import { didYouMean } from '../registry/did-you-mean.ts'
import { type Asked, type Asker, authorize, lookUpFor } from './authorize.ts'
import { SLASH_COMMANDS, slashCommandNamed } from './index.ts'
import { LATER } from './later.ts'
import type { Concern, SlashCommand } from './slash-command.ts'
import { usageOf } from './slash-command.ts'

/** One command, and whether somebody may use it. */
export interface HelpLine {
  readonly usage: string
  readonly about: string
  /** null where only the case decides: whoever does it asks about what he finds. */
  readonly mayUse: boolean | null
  /** Where he may not: what it takes. */
  readonly takes: string | null
}

/** One command in full. */
export interface CommandHelp extends HelpLine {
  readonly arguments: readonly { readonly shown: string; readonly about: string }[]
  readonly examples: readonly string[]
  readonly notes: readonly string[]
}

type AskedHere = Omit<Asked, keyof Concern | 'owner' | 'author'>

/** What must be looked up before help can tell somebody what he may use. */
export function helpLookUp(here: AskedHere, places: readonly Place[]): ReturnType<typeof lookUpFor> {
  const all = [{ model: null, environment: null, owner: null }, ...places]
  return lookUpFor(
    SLASH_COMMANDS.flatMap(({ name }) => all.map((place) => ({ verb: name, asked: { ...here, ...place } }))),
  )
}

/** Every command in order, each with whether this person may use it somewhere here. */
export function helpFor(who: Asker, here: AskedHere, places: readonly Place[]): readonly HelpLine[] {
  return SLASH_COMMANDS.map((command) => lineOf(command, who, here, places))
}

/** A model or an environment that there is. */
export type Place = Concern & Pick<Asked, 'owner'>

/**
 * One command in full; of a name that there is not, what was probably meant.
 *
 * @param name  in lower case, without the slash
 */
export function helpAbout(
  name: string,
  who: Asker,
  here: AskedHere,
  places: readonly Place[],
): { readonly help: CommandHelp } | { readonly unknown: string } {
  const command = SLASH_COMMANDS.find((one) => one.name === name)
  const later = LATER.find((one) => one.name === name)
  if (later !== undefined) return { unknown: `/${name} comes in a later version. ${later.instead}` }
  if (command === undefined) {
    const near = didYouMean(
      name,
      SLASH_COMMANDS.map((one) => one.name),
    )
    return { unknown: `There is no command /${name}.${near === null ? '' : ` Did you mean /${near}?`}` }
  }
  const all = Object.values(command.arguments).map(({ shown, about }) => ({ shown, about }))
  const { examples, notes } = command
  return { help: { ...lineOf(command, who, here, places), arguments: all, examples, notes } }
}

function lineOf(command: SlashCommand, who: Asker, here: AskedHere, places: readonly Place[]): HelpLine {
  const { name, about } = command
  const line = { usage: usageOf(command), about }
  const answers = [{ model: null, environment: null, owner: null }, ...places].map((place) =>
    authorize(who, name, { ...here, author: null, ...place }),
  )
  if (answers.some(({ is }) => is === 'allowed')) return { ...line, mayUse: true, takes: null }
  const denied = answers.find(({ is }) => is === 'denied')
  const takes = denied?.is === 'denied' ? denied.takes : null
  const isOfPolicy = slashCommandNamed(name).may.rolesOfPolicy === true && here.named === undefined
  return isOfPolicy
    ? { ...line, mayUse: null, takes: 'a role that the policy of the environment names' }
    : { ...line, mayUse: false, takes }
}
