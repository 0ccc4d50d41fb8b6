import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { Unavailable } from '../../ports.ts'

const MAX_BYTES = 20_000_000

const explanation = z.object({
  schema: z.literal('weighbridge.explanation/v1'),
  importance: z.array(z.object({ column: z.string(), mean: z.number().nullable() })).min(1),
})

/**
 * How much each column matters, from the JSON that `explain` wrote; less than nothing counts as nothing.
 *
 * @throws {Unavailable} when the file is not there or is no explanation
 */
export async function importanceFrom(path: string): Promise<ReadonlyMap<string, number>> {
  const called = basename(path)
  const mend = 'Name the output of: weighbridge explain --json.'
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile()) throw new Unavailable('missing', `there is no file ${called}`, mend)
  if (found.size > MAX_BYTES) throw new Unavailable('missing', `${called} is too large for an explanation`, mend)
  const parsed = explanation.safeParse(jsonOf(await readFile(path, 'utf8')))
  if (!parsed.success) throw new Unavailable('missing', `${called} is no explanation with importance`, mend)
  const weights = new Map(parsed.data.importance.map(({ column, mean }) => [column, Math.max(0, mean ?? 0)]))
  if ([...weights.values()].some((weight) => weight > 0)) return weights
  throw new Unavailable('missing', `${called}: no column has an importance over 0`, mend)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
