import { z } from 'zod'
import { nameSchema, versionSchema } from '../registry/names.ts'
import { correlationSchema } from '../training/training-request.ts'
import { isMomentText } from './moment.ts'
import type { Argument } from './slash-command.ts'
import type { VersionName } from './version-name.ts'

/** What several commands take. Names are those of the registry: checked here before anything is made of them. */

const MOST_REASON = 500

export const modelName: Argument<string> = {
  schema: nameSchema,
  shown: '<model>',
  about: 'a registered model',
}

export const environmentName: Argument<string> = {
  schema: nameSchema,
  shown: '<environment>',
  about: 'an environment of the configuration',
}

export const gateName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}(:[a-z0-9][a-z0-9_-]{0,62})?$/, 'must be the name of a gate, such as metrics')

const versionText = `must be a model and its version, such as churn@1.4.0`
/** `churn@1.4.0` */
export const versionName: z.ZodType<VersionName> = z.string().transform((text, context) => {
  const [model = '', version, ...more] = text.split('@')
  const isGood = more.length === 0 && nameSchema.safeParse(model).success && versionSchema.safeParse(version).success
  if (isGood && version !== undefined) return { model, version }
  context.addIssue({ code: 'custom', message: versionText })
  return z.NEVER
})

/** `churn@1.4.0`, or `churn` for whichever version is meant without saying. */
export const maybeVersionName = z.string().transform((text, context) => {
  if (nameSchema.safeParse(text).success) return { model: text, version: null }
  const read = versionName.safeParse(text)
  if (read.success) return read.data
  context.addIssue({ code: 'custom', message: 'must be a model, such as churn, or one version, such as churn@1.4.0' })
  return z.NEVER
})

export const reasonText = z
  .string()
  .trim()
  .min(1, 'must say why')
  .max(MOST_REASON, `must be at most ${MOST_REASON} characters: put the rest into the comment, and link it`)

export const reason: Argument<string> = {
  schema: reasonText,
  shown: 'reason="..."',
  about: `why, at most ${MOST_REASON} characters; it is kept in the ledger, so name no customer in it`,
}

export const until: Argument<string> = {
  schema: z
    .string()
    .refine(isMomentText, 'must be a day (2026-12-01), a moment (2026-12-01T18:00Z) or how long from now (48h, 7d)'),
  shown: 'until=...',
  about: 'a day (from its first second, UTC), a moment with its zone, or how long from now (48h, 7d)',
}

export const correlation = correlationSchema

/** A whole number as people write it. */
export function wholeNumber(from: number, to: number) {
  return z
    .string()
    .regex(/^(0|[1-9]\d{0,9})$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((number) => number >= from && number <= to, `must be a whole number from ${from} to ${to}`)
}

export const seed: Argument<number | undefined> = {
  schema: wholeNumber(0, 4_294_967_295).optional(),
  shown: 'seed=...',
  about: 'a whole number; the same seed trains the same model',
}

export const runner: Argument<string | undefined> = {
  schema: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be the label of a runner, such as gpu-large')
    .optional(),
  shown: 'runner=...',
  about: 'label of the runner, when not the one of model.yml',
}

const PARAMETER_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/
/** Nothing that a shell, a template or a path gives a meaning to. */
const PARAMETER_VALUE = /^[A-Za-z0-9_.,:+/=% -]{1,200}$/

/** Parameters as they were written; model.yml says which there are. */
export const parameters: Argument<Readonly<Record<string, string>>> = {
  schema: z.record(
    z.string().regex(PARAMETER_NAME, 'must be a name such as learning_rate'),
    z
      .string()
      .regex(PARAMETER_VALUE, 'must be 1 to 200 letters, digits, spaces and _ . , : + / = % -')
      .refine((text) => !text.startsWith('-') || /^-[.\d]/.test(text), 'must not begin with a hyphen, unless a number')
      .refine((text) => !/(^|\/)\.\.?(\/|$)/.test(text), 'must not hold ".." as a part of a path'),
  ),
  shown: 'name=value',
  about: 'training parameters, as model.yml declares them',
}

/** A command, with or without its slash; whether it exists is for the answer to say. */
export const nameOfCommand: Argument<string | undefined> = {
  schema: z
    .string()
    .regex(/^\/?[A-Za-z][A-Za-z-]{0,30}$/, 'must be the name of a command, such as promote')
    .transform((text) => text.replace('/', '').toLowerCase())
    .optional(),
  shown: 'command',
  about: 'one command, explained',
}

export const again: Argument<boolean | undefined> = {
  schema: z
    .enum(['yes', 'no'], 'must be yes or no')
    .transform((text) => text === 'yes')
    .optional(),
  shown: 'again=yes',
  about: 'train although the same was trained before',
}
