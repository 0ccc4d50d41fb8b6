import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { JobRoom } from '../job-room.ts'
import { refuse } from '../run-script.ts'
import { done, type StandIn } from './stand-in.ts'

/** The Node that runs the world is the only one here; another version is asked for in vain, and that is said. */
export const setupNode: StandIn = async ({ room, inputs }) => {
  warnOfOther(room, 'Node', inputs['node-version'], process.versions.node)
  room.paths.unshift(dirname(process.execPath))
  return done({ 'node-version': process.version, 'cache-hit': '' })
}

/** The Python of this machine, also as `python`. */
export const setupPython: StandIn = async ({ room, inputs }) => {
  const found = pythonHere()
  if (found === null) return refuse(room, 'There is no Python 3 on this machine.')
  warnOfOther(room, 'Python', inputs['python-version'], found.version)
  const folder = join(room.folders.tools, 'python', 'bin')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'python')
  try {
    symlinkSync(found.path, path)
  } catch {
    // a second step of this job asks for it again
  }
  room.paths.unshift(folder)
  return done({ 'python-version': found.version, 'python-path': path, 'cache-hit': '' })
}

function pythonHere(): { readonly path: string; readonly version: string } | null {
  try {
    const script = 'import sys; print(sys.executable); print(".".join(map(str, sys.version_info[:3])))'
    const [path = '', version = ''] = execFileSync('python3', ['-c', script], { encoding: 'utf8' }).split('\n')
    return { path, version }
  } catch {
    return null
  }
}

function warnOfOther(room: JobRoom, what: string, wanted: string | undefined, here: string): void {
  const asked = /^\d+(?:\.\d+)*/.exec(wanted ?? '')?.[0] ?? ''
  if (asked !== '' && !`${here}.`.startsWith(`${asked}.`))
    room.log.annotate('warning', `${what} ${wanted} was asked for; this machine has ${here}`)
}
