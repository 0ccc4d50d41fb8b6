import { z } from 'zod'
import type { BudgetState } from './budget-state.ts'
import { dispatchedShape, endedShape } from './training-fact-schema.ts'

const count = z.int().nonnegative()
const seconds = z.number().nonnegative()
const text = z.string()

/** `BudgetRun`, with the keys of its lines and no others. */
const runSchema = z.strictObject({
  ...dispatchedShape.shape,
  request: dispatchedShape.shape.request.nullable(),
  account: count,
  at: text,
  ended: z
    .strictObject({
      run: endedShape.shape.run,
      conclusion: endedShape.shape.conclusion,
      gpu_seconds: seconds,
      because: text,
      at: text,
    })
    .nullable(),
  registered: z.strictObject({ version: text, digest: text, pull: count.nullable() }).nullable(),
})

/** `BudgetState` as it lies in the branch. Signed, and read as strictly as if it were not. */
export const budgetSchema: z.ZodType<BudgetState> = z.strictObject({
  seq: count,
  runs: z.array(runSchema),
  spent: z.array(
    z.strictObject({
      month: text,
      team: text.nullable(),
      model: text.nullable(),
      account: count.nullable(),
      gpu_seconds: seconds,
      runs: count,
    }),
  ),
  asked: z.array(z.strictObject({ day: text, account: count, runs: count })),
  lasted: z.array(z.strictObject({ model: text, seconds, parameters: text })),
  outcomes: z.array(z.strictObject({ identity: text, correlation: text, run: count, version: text.nullable() })),
})
