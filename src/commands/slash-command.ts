import type { z } from 'zod'
import type { Command, CommandName } from './command.ts'

/** One argument of a command: what may be written, and how usage shows it. */
export interface Argument<T = unknown> {
  readonly schema: z.ZodType<T>
  /** As usage shows it: `model`, `reason="..."`. */
  readonly shown: string
  readonly about: string
}

/** What somebody must hold. One of the roles, or the permission; every verb takes a permission that could be read. */
export interface Need {
  /** Roles of the configuration, any one of which is enough. */
  readonly roles?: readonly string[]
  /** GitHub's base permission, which is enough. */
  readonly permission?: 'read' | 'write'
  /** The roles stand in the policy, so that whoever knows the policy passes them on. */
  readonly rolesOfPolicy?: true
  /** Also whoever started what it is about. */
  readonly starter?: true
  /** Never the author of the pull request that it is about, nor whoever had the app open it. */
  readonly notAuthor?: true
  /** Why this much and no less. */
  readonly why: string
}

/** Where a command makes sense. */
export interface Place {
  /** `governed`: only under a pull request into a governed branch. */
  readonly under: 'issue or pull request' | 'governed'
  readonly openOnly: boolean
  /** Not under a pull request that comes from a fork. */
  readonly noForks?: true
}

/** A model and an environment that a command names; null stands for none or all. */
export interface Concern {
  readonly model: string | null
  readonly environment: string | null
}

/** A slash command: the parser, `/help`, the README's table and the table of who may do what derive from it. */
export interface SlashCommand {
  readonly name: CommandName
  /** One line. */
  readonly about: string
  readonly arguments: Readonly<Record<string, Argument>>
  /** Arguments without a name, in order. */
  readonly words: readonly string[]
  /** The argument that takes all further words. */
  readonly more: string | null
  /** The argument that takes every other `name=value`. */
  readonly rest: string | null
  readonly command: (values: Readonly<Record<string, unknown>>) => Command
  readonly may: Need
  readonly place: Place
  /** What it names; null: only whoever does it can tell, and asks `authorize` about that himself. */
  readonly concerns: (command: Command) => readonly Concern[] | null
  readonly examples: readonly string[]
  readonly notes: readonly string[]
}

type Arguments = Readonly<Record<string, Argument>>
type ValuesOf<A extends Arguments> = { readonly [K in keyof A]: z.output<A[K]['schema']> }

interface Definition<N extends CommandName, A extends Arguments>
  extends Pick<SlashCommand, 'about' | 'may' | 'place' | 'examples'> {
  readonly name: N
  readonly arguments: A
  readonly words?: readonly (keyof A & string)[]
  readonly more?: keyof A & string
  readonly rest?: keyof A & string
  readonly command: (values: ValuesOf<A>) => Extract<Command, { readonly name: N }>
  readonly concerns: (command: Extract<Command, { readonly name: N }>) => readonly Concern[] | null
  readonly notes?: readonly string[]
}

/** Makes a command; what its schemas give is typed here, and nowhere else. */
export function slashCommand<const N extends CommandName, A extends Arguments>(of: Definition<N, A>): SlashCommand {
  type Own = Extract<Command, { readonly name: N }>
  return {
    ...of,
    words: of.words ?? [],
    more: of.more ?? null,
    rest: of.rest ?? null,
    notes: of.notes ?? [],
    command: (values) => of.command(values as ValuesOf<A>),
    concerns: (command) => of.concerns(command as Own),
  }
}

/** Names of the arguments that are written `name=value`. */
export function optionsOf({ arguments: all, words, more, rest }: SlashCommand): readonly string[] {
  return Object.keys(all).filter((name) => !words.includes(name) && name !== more && name !== rest)
}

/** `/promote <model>[@version] <environment>` */
export function usageOf(command: SlashCommand): string {
  const { arguments: all, words, more, rest } = command
  const shown = (name: string) => {
    const argument = all[name]!
    return isOptional(argument) ? `[${argument.shown}]` : argument.shown
  }
  return [
    `/${command.name}`,
    ...words.map(shown),
    ...(more === null ? [] : [`[${all[more]!.shown} ...]`]),
    ...(rest === null ? [] : [`[${all[rest]!.shown} ...]`]),
    ...optionsOf(command).map(shown),
  ].join(' ')
}

/** Whether an argument may be left out. */
export function isOptional({ schema }: Argument): boolean {
  return schema.safeParse(undefined).success
}
