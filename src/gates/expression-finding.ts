import { z } from 'zod'
import { evaluate, type Scope } from '../expression/evaluate.ts'
import type { Path } from '../expression/expression.ts'
import { namesIn } from '../expression/names-in.ts'
import { parseExpression } from '../expression/parse-expression.ts'

export type { Scope }

/** Text of the expression language, checked when the file is read. */
export const expressionSchema = z.string().superRefine((text, context) => {
  const parsed = parseExpression(text)
  if (parsed.ok) return
  const { column, what, mend } = parsed.mistake
  context.addIssue({ code: 'custom', message: `column ${column} of the expression: ${what}`, params: { mend } })
})

export type Answer = { readonly value: boolean } | { readonly value: null; readonly because: string }

/**
 * A condition over plain data: true, false, or no answer with the reason. Never throws, and only `true` is true.
 *
 * @param refuse  says why a path may not be read, else undefined
 */
export function answer(
  text: string,
  scope: Scope,
  refuse: (path: Path) => string | undefined = () => undefined,
): Answer {
  const parsed = parseExpression(text)
  if (!parsed.ok) return { value: null, because: parsed.mistake.what }
  for (const path of namesIn(parsed.expression).paths) {
    const because = refuse(path)
    if (because !== undefined) return { value: null, because }
  }
  const result = evaluate(parsed.expression, scope)
  if ('undefined' in result) return { value: null, because: result.undefined }
  if (typeof result.value === 'boolean') return { value: result.value }
  return { value: null, because: `it gives ${JSON.stringify(result.value)}, not true or false` }
}

/** Why a field of a record can't be judged: nobody but its author says so. */
export function unproven({ root, keys }: Path): string | undefined {
  if (root !== 'candidate' && root !== 'incumbent') return undefined
  const [first, second] = keys
  if (first === undefined || first === 'training') {
    return `${[root, ...keys].join('.')} is declared, not registered: whoever wrote the record says so`
  }
  if (first === 'evaluation' && (second === undefined || second === 'claims')) {
    return `${[root, ...keys].join('.')} is claimed, and claims are never evidence`
  }
  return undefined
}
