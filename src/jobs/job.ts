import { turns } from '../adapters/turns.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { type JobFiles, openJobFiles } from './job-files.ts'

/** How many models run at once: each may take all the memory that one is allowed. */
const MODELS_AT_ONCE = 2

/** One weighing at work: its ports, its files, and what it has computed already, whoever asks. */
export interface Job extends GatherPorts {
  readonly files: JobFiles
  /** Keys under which something lay in the cache that we did not put there. */
  readonly foreign: Set<string>
  /** Computes once for a name; all who ask wait for the same answer. */
  once<Value>(name: string, compute: () => Promise<Value>): Promise<Value>
  /** Runs a model when its turn has come. */
  inTurn<Value>(run: () => Promise<Value>): Promise<Value>
}

export function openJob(ports: GatherPorts): Job {
  const known = new Map<string, Promise<unknown>>()
  return {
    ...ports,
    files: openJobFiles(ports),
    foreign: new Set(),
    once: <Value>(name: string, compute: () => Promise<Value>) => {
      const answer = known.get(name) ?? compute()
      known.set(name, answer)
      return answer as Promise<Value>
    },
    inTurn: turns(MODELS_AT_ONCE),
  }
}
