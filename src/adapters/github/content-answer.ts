import { z } from 'zod'
import { bytesOfText } from './blob.ts'
import type { ContentMemory, Entry } from './content-memory.ts'
import { unreachable } from './failures.ts'
import { oidSchema } from './side.ts'
import type { Wish } from './wish.ts'

export const READ_CONTENTS = 'read the contents'

/** A node as it came: children only where they were asked for, text only of blobs. */
interface ReadNode extends Entry {
  readonly name?: string | undefined
  readonly object?: ReadObject | null | undefined
}
interface ReadObject {
  readonly isBinary?: boolean | null | undefined
  readonly isTruncated?: boolean | undefined
  readonly text?: string | null | undefined
  readonly entries?: readonly ReadNode[] | null | undefined
}

const objectSchema: z.ZodType<ReadObject> = z.object({
  isBinary: z.boolean().nullish(),
  isTruncated: z.boolean().optional(),
  text: z.string().nullish(),
  entries: z.array(z.lazy(() => nodeSchema)).nullish(),
})
const nodeSchema: z.ZodType<ReadNode> = z.object({
  name: z.string().optional(),
  mode: z.int().transform((mode) => mode.toString(8).padStart(6, '0')),
  type: z.enum(['blob', 'tree', 'commit']),
  oid: oidSchema,
  size: z.int().nonnegative(),
  object: objectSchema.nullish(),
})
const touchedSchema = z.object({ nodes: z.array(z.object({ oid: oidSchema })) })
const commitSchema = z.looseObject({ oid: oidSchema })

export const contentAnswer = z.object({ repository: z.record(z.string(), z.unknown()) })

/**
 * Puts an answer into memory. A commit that GitHub does not show is not one without files: it is no answer.
 *
 * @throws {HostFailure} when the answer does not say something about every wish
 */
export function keepAnswer(
  memory: ContentMemory,
  wishes: readonly Wish[],
  repository: Readonly<Record<string, unknown>>,
): void {
  const shas = [...new Set(wishes.flatMap((wish) => (wish.kind === 'blob' ? [] : [wish.sha])))]
  const commits = new Map(shas.map((sha, at) => [sha, commitOf(sha, repository[`c${at}`])]))
  for (const [at, wish] of wishes.entries()) {
    if (wish.kind === 'blob') keepText(memory, wish.oid, believed(objectSchema, repository[`w${at}`], wish.oid))
    else {
      const value = commits.get(wish.sha)?.[`w${at}`]
      if (wish.kind === 'touched')
        memory.keepTouched(wish.sha, wish.path, believed(touchedSchema, value, wish.path).nodes.length > 0)
      else keepNode(memory, wish, believed(nodeSchema.nullable(), value, wish.path))
    }
  }
}

function commitOf(sha: string, value: unknown): Readonly<Record<string, unknown>> {
  const reading = commitSchema.safeParse(value)
  if (reading.success && reading.data.oid === sha) return reading.data
  throw unreachable(READ_CONTENTS, `GitHub does not show the commit ${sha.slice(0, 12)}`)
}

function believed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const reading = schema.safeParse(value)
  if (reading.success) return reading.data
  throw unreachable(READ_CONTENTS, `what GitHub says of ${what} is not whole`)
}

function keepNode(
  memory: ContentMemory,
  { sha, path }: Extract<Wish, { withText: boolean }>,
  node: ReadNode | null,
): void {
  memory.keepEntry(sha, path, node === null ? null : entryOf(node))
  if (node !== null) keepBelow(memory, node)
}

function keepBelow(memory: ContentMemory, node: ReadNode): void {
  const { object } = node
  if (node.type === 'blob' && object) keepText(memory, node.oid, object)
  if (node.type !== 'tree' || object?.entries === undefined || object.entries === null) return
  memory.keepTree(node.oid, new Map(object.entries.map((child) => [child.name ?? '', entryOf(child)])))
  for (const child of object.entries) keepBelow(memory, child)
}

/** Only text that is the whole file, by its object id; the rest is read as bytes when somebody needs it. */
function keepText(memory: ContentMemory, oid: string, { text, isBinary, isTruncated }: ReadObject): void {
  if (isBinary === undefined) return
  const bytes = typeof text === 'string' && isTruncated === false ? bytesOfText(text, oid) : null
  if (bytes === null) memory.keepNoText(oid)
  else memory.keepBlob(oid, bytes)
}

function entryOf({ mode, type, oid, size }: ReadNode): Entry {
  return { mode, type, oid, size }
}
