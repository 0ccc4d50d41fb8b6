import { canonicalJson } from '../registry/canonical-json.ts'
import { type BudgetRun, isOpen } from './budget-state.ts'
import type { Dispatched } from './training-fact.ts'

/** How many runs the state remembers, open ones among them. */
const MOST_RUNS = 60
/** How many bytes they may take with all that following them needs. */
const MOST_BYTES = 160_000

/**
 * The runs that the state keeps, so that it stays small whatever was dispatched.
 *
 * First the requests of ended runs go, oldest first, then ended runs, then requests of open ones, and open ones last.
 *
 * @param runs  oldest first
 * @returns what is kept, in the same order, and the runs that are forgotten whole
 * @example keptRuns([]) // => { runs: [], forgotten: [] }
 */
export function keptRuns(runs: readonly BudgetRun[]): {
  readonly runs: readonly BudgetRun[]
  readonly forgotten: readonly BudgetRun[]
} {
  const sizes = new Map(runs.map((run) => [run, bytesOf(run)]))
  const bytes = () => [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const isFull = () => sizes.size > MOST_RUNS || bytes() > MOST_BYTES
  const bare = new Map<BudgetRun, BudgetRun>()
  const forgotten: BudgetRun[] = []
  const strip = (run: BudgetRun) => {
    const stripped = { ...run, request: null, search: null }
    bare.set(run, stripped)
    sizes.set(run, bytesOf(stripped))
  }
  const forget = (run: BudgetRun) => {
    sizes.delete(run)
    forgotten.push(run)
  }
  const [open, ended] = [runs.filter(isOpen), runs.filter((run) => !isOpen(run))]
  for (const run of ended) if (bytes() > MOST_BYTES) strip(run)
  for (const run of ended) if (isFull()) forget(run)
  for (const run of open) if (bytes() > MOST_BYTES) strip(run)
  for (const run of open) if (isFull()) forget(run)
  return { runs: runs.filter((run) => sizes.has(run)).map((run) => bare.get(run) ?? run), forgotten }
}

/**
 * Whether one more request can be kept beside those of the open runs, so that each of them can be followed.
 *
 * @param runs  those of the state
 * @example hasRoom([], {}) // => true
 */
export function hasRoom(runs: readonly BudgetRun[], request: Dispatched['request']): boolean {
  const bytes = runs.filter(isOpen).reduce((sum, run) => sum + bytesOf(run), 0)
  return bytes + Buffer.byteLength(canonicalJson(request)) < MOST_BYTES - 10_000
}

/** A run is the same object from line to line: its text is made once. */
const known = new WeakMap<BudgetRun, number>()

/** As it stands in the file. */
function bytesOf(run: BudgetRun): number {
  const bytes = known.get(run) ?? Buffer.byteLength(canonicalJson(run))
  known.set(run, bytes)
  return bytes
}
