import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { atEnd } from '../job-folder.ts'

const run = promisify(execFile)

/** What went wrong in a Git command, in Git's own words. */
export class GitFailure extends Error {
  readonly command: string
  constructor(command: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'GitFailure'
    this.command = command
  }
}

/**
 * Nothing of the system's configuration may change what we read, and no hook or prompt may run. The caller's own `GIT_`
 * variables go: a hook that called us names its repository in them, and it may be another one.
 */
export function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
  return {
    ...Object.fromEntries(own),
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
  }
}

export const SAFE = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.quotePath=false',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'diff.renames=false',
  '-c',
  'diff.external=',
  '-c',
  'log.showSignature=false',
  // nothing that works on after Git has answered
  '-c',
  'gc.auto=0',
  '-c',
  'maintenance.auto=false',
]

/**
 * Runs Git in a folder without a shell and gives back its standard output.
 *
 * @param more  variables besides ours: settings that must be on no command line
 */
export async function git(
  folder: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { ...environment(), ...more }
  const running = run('git', [...SAFE, ...args], { cwd: folder, env, maxBuffer: 512 * 1024 * 1024 })
  const forget = atEnd(() => running.child.kill('SIGKILL'))
  try {
    return (await running).stdout
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim() ?? ''
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new GitFailure(args[0] ?? 'git', missing ? `cannot run git in ${folder}` : said.replace(/^fatal: /, ''), {
      cause,
    })
  } finally {
    forget()
  }
}

/**
 * Contents of blobs by object id, in one process.
 *
 * @param oids  full object ids; repeated ones are read once
 * @returns     oid -> bytes
 * @throws {GitFailure} when an object is missing
 */
export async function readBlobs(folder: string, oids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const wanted = [...new Set(oids)]
  if (wanted.length === 0) return new Map()
  const output = await pipe(folder, ['cat-file', '--batch'], `${wanted.join('\n')}\n`)
  return splitBatch(output, wanted.length)
}

function splitBatch(output: Buffer, count: number): ReadonlyMap<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>()
  let at = 0
  for (let index = 0; index < count; index++) {
    const end = output.indexOf(10, at)
    const [oid = '', type = '', size = ''] = output.toString('latin1', at, end).split(' ')
    if (type !== 'blob') throw new GitFailure('cat-file', `object ${oid} is ${type || 'missing'}, not a file`)
    const length = Number(size)
    blobs.set(oid, output.subarray(end + 1, end + 1 + length))
    at = end + 1 + length + 1
  }
  return blobs
}

function pipe(folder: string, args: readonly string[], input: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...SAFE, ...args], { cwd: folder, env: environment(), stdio: ['pipe', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    child.on('error', (cause) => reject(new GitFailure(args[0] ?? 'git', cause.message, { cause })))
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(chunks)) : reject(new GitFailure(args[0] ?? 'git', said.trim())),
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
