import type { z } from 'zod'
import type { DocumentPath } from './dotted-path.ts'

/** Says one mistake of a cross check; `part: 'key'` points at the key rather than at its value. */
export type Say = (path: DocumentPath, what: string, mend: string, part?: 'key' | 'value') => void

/** A check between fields: `needs` are the dotted fields that it reads, `*` for any index or key; `roles.#` for the keys of `roles` alone. */
export interface CrossCheck<T> {
  readonly needs: readonly string[]
  readonly check: (value: T, say: Say) => void
}

/**
 * A schema with checks between its fields.
 *
 * Each check runs as soon as the fields that it reads are sound, so that a mistake elsewhere in the file hides none.
 */
export function withCrossChecks<S extends z.ZodType>(schema: S, checks: readonly CrossCheck<z.output<S>>[]): S {
  return checks.reduce<S>((refined, { needs, check }) => {
    const paths = needs.map((field) => field.split('.'))
    return refined.superRefine((value, context) => check(value, sayTo(context)), {
      when: ({ issues }) => !issues.some((issue) => blocks(issue, paths)),
    })
  }, schema)
}

function sayTo(context: z.core.$RefinementCtx): Say {
  return (path, what, mend, part = 'value') => {
    context.addIssue({ code: 'custom', path: [...path], message: what, params: { mend, part } })
  }
}

function blocks(issue: z.core.$ZodRawIssue, needs: readonly (readonly string[])[]): boolean {
  if (issue.code === 'custom' || issue.code === 'unrecognized_keys') return false
  const path = (issue.path ?? []).map(String)
  return needs.some((need) => need.every((step, at) => at >= path.length || step === '*' || step === path[at]))
}

/** Reports each entry that stands in a list a second time. */
export function sayRepeated(
  say: Say,
  words: readonly string[],
  pathOf: (index: number) => DocumentPath,
  called: string,
): void {
  const seen = new Set<string>()
  words.forEach((word, index) => {
    if (seen.has(word)) say(pathOf(index), `${called} ${word} stands here a second time`, 'Keep one of them.')
    seen.add(word)
  })
}
