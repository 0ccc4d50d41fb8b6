import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { Unavailable } from '../../ports.ts'
import { foreignYaml } from '../input/foreign-yaml.ts'

const entrySchema = z.object({ path: z.string().min(1), md5: z.string().optional(), hash: z.string().optional() })
type Entry = z.infer<typeof entrySchema>
const pointerSchema = z.object({ outs: z.array(entrySchema).min(1) })
const stageSchema = z.object({ deps: z.array(entrySchema).optional(), outs: z.array(entrySchema).optional() })
const lockSchema = z.object({ stages: z.record(z.string(), stageSchema) })

/** What DVC says of a data file. */
export interface DvcPointer {
  /** The pointer itself, relative to the repository: `data/customers.parquet.dvc`, or `dvc.lock`. */
  readonly pointer: string
  /** MD5 of the bytes, where DVC hashed them as they are; older versions hash texts with other line ends. */
  readonly md5: string | null
}

/**
 * The pointer of a data file: the `.dvc` file beside it, else `dvc.lock` at the root.
 *
 * @returns null when DVC does not know the file
 */
export async function dvcPointerOf(root: string, path: string): Promise<DvcPointer | null> {
  const beside = `${path}.dvc`
  const outs = await outsOf(beside)
  const own = outs?.find((out) => out.path === basename(path))
  if (own !== undefined) return { pointer: relative(root, beside), md5: md5In(own) }
  const lock = join(root, 'dvc.lock')
  const read = lockSchema.safeParse(await foreignYaml(lock))
  const stages = read.success ? Object.values(read.data.stages) : []
  const locked = stages
    .flatMap(({ deps = [], outs: made = [] }) => [...made, ...deps])
    .find((one) => resolve(root, one.path) === path)
  return locked === undefined ? null : { pointer: 'dvc.lock', md5: md5In(locked) }
}

/**
 * The data file that a `.dvc` file points to.
 *
 * @throws {Unavailable} when it is no pointer to one file
 */
export async function dataOfPointer(pointer: string): Promise<string> {
  const outs = await outsOf(pointer)
  const [out, ...more] = outs ?? []
  if (out === undefined || more.length > 0)
    throw new Unavailable('missing', 'is no DVC pointer to one file', 'Name the data file itself.')
  return resolve(dirname(pointer), out.path)
}

/** @throws {Unavailable} when the bytes are not those that DVC tracks */
export async function mustMatch(path: string, { pointer, md5 }: DvcPointer): Promise<void> {
  if (md5 === null) return
  const hash = createHash('md5')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  const found = hash.digest('hex')
  if (found === md5) return
  const what = `its MD5 is ${found}, ${pointer} says ${md5}`
  throw new Unavailable('missing', what, 'dvc checkout brings the tracked bytes; dvc commit tracks these.')
}

function md5In({ md5, hash }: Entry): string | null {
  return hash === 'md5' && md5 !== undefined && /^[0-9a-f]{32}$/.test(md5) ? md5 : null
}

async function outsOf(path: string): Promise<readonly Entry[] | null> {
  const read = pointerSchema.safeParse(await foreignYaml(path))
  return read.success ? read.data.outs : null
}
