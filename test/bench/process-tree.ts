import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Spent {
  readonly seconds: number
  /** All processes together, at the peak of samples taken every 20 ms; Linux only. */
  readonly peakMb: number
  readonly code: number | null
  readonly said: string
}

/** Runs a program and watches it and all its children: seconds, and resident memory of all of them together. */
export function runWatched(program: string, args: readonly string[], folder: string): Promise<Spent> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(program, [...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let [peak, said] = [0, '']
    const hear = (chunk: Buffer) => {
      said = (said + chunk).slice(-4000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const timer = setInterval(() => {
      peak = Math.max(peak, residentBytes(child.pid ?? 0))
    }, 20)
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(timer)
      resolve({ seconds: (performance.now() - started) / 1000, peakMb: peak / 1e6, code, said })
    })
  })
}

/** A line for one program: what it took, and what it was to take. */
export function spentLine(name: string, { seconds, peakMb, code, said }: Spent, target = ''): string {
  const failed = code === 0 ? '' : `  FAILED (${code}): ${said.trim().slice(-300)}`
  return `${name.padEnd(64)} ${seconds.toFixed(2).padStart(7)} s ${peakMb.toFixed(0).padStart(6)} MB  ${target}${failed}`
}

function residentBytes(pid: number): number {
  const children = childrenByParent()
  const all = [pid]
  for (let at = 0; at < all.length; at++) all.push(...(children.get(all[at]!) ?? []))
  return all.reduce((sum, one) => sum + residentOf(one), 0)
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name))
    if (parent !== null) found.set(parent, [...(found.get(parent) ?? []), Number(name)])
  }
  return found
}

function parentOf(pid: number): number | null {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat === '' ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** Pages that several processes share are counted once for each: the figure is never too small. */
function residentOf(pid: number): number {
  return 4096 * Number(textOf(`/proc/${pid}/statm`).split(' ')[1] ?? 0)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
