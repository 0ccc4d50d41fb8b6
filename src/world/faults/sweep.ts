import { type CallAddress, printAddress } from './call-address.ts'
import { differencesOf } from './difference.ts'
import { type Effect, effectsOn, type Fault, printFault, type RecordedCall } from './fault.ts'
import { type Chance, seededChance } from './seeded-chance.ts'

/** One run of a story in a world of its own. */
export interface FaultRun {
  readonly calls: readonly RecordedCall[]
  readonly fired: readonly Fault[]
  /** What a dead instance still tried to send. */
  readonly refused: readonly CallAddress[]
  /** Plain JSON without ids and moments: what people and the next program see. */
  readonly end: unknown
}

export interface SweepOptions {
  /** Chooses one effect a call, where not all are tried. */
  readonly seed: number
  /** Every effect at every call. */
  readonly deep?: boolean
  /** Two faults in one run, this many runs, chosen by seed. */
  readonly pairs?: number
  /** Effects that make sense for a story; all by default. */
  readonly effects?: (call: RecordedCall) => readonly Effect[]
  /** End states that count as equal to the clean one, for faults beyond what can be promised. */
  readonly mayDiffer?: (difference: string, faults: readonly Fault[]) => boolean
}

export interface SweepReport {
  readonly calls: readonly RecordedCall[]
  readonly runs: number
  readonly tookMs: number
  /** A line a problem, each with the fault that shows it; empty when the story survives everything. */
  readonly problems: readonly string[]
}

/**
 * Tells a story once for every call that it makes, with that call going wrong, and holds each end to the clean one.
 *
 * The clean story is told twice: when its calls differ, no fault could be addressed, and that is the problem. A fault
 * that never fires is a problem too: nothing was tried.
 */
export async function sweep(
  run: (faults: readonly Fault[]) => Promise<FaultRun>,
  { seed, deep = false, pairs = 0, effects = effectsOn, mayDiffer = () => false }: SweepOptions,
): Promise<SweepReport> {
  const started = performance.now()
  const [clean, again] = [await run([]), await run([])]
  const unlike = unrepeated(clean, again)
  const chance = seededChance(seed)
  const plans =
    unlike.length > 0 ? [] : [...single(clean, deep, chance, effects), ...paired(clean, pairs, chance, effects)]
  const problems = [...unlike]
  for (const faults of plans) {
    const faulty = await run(faults).catch((error: unknown) => String(error))
    problems.push(...problemsOf(clean, faulty, faults, mayDiffer))
  }
  return { calls: clean.calls, runs: plans.length + 2, tookMs: performance.now() - started, problems }
}

function single(clean: FaultRun, deep: boolean, chance: Chance, effects: (call: RecordedCall) => readonly Effect[]) {
  return clean.calls.flatMap((call): readonly (readonly Fault[])[] => {
    const possible = effects(call)
    if (possible.length === 0) return []
    return (deep ? possible : [chance.pick(possible)]).map((effect) => [{ at: call.address, effect }])
  })
}

function paired(clean: FaultRun, pairs: number, chance: Chance, effects: (call: RecordedCall) => readonly Effect[]) {
  return Array.from({ length: pairs }, () =>
    chance
      .shuffle(clean.calls.filter((call) => effects(call).length > 0))
      .slice(0, 2)
      .map((call): Fault => ({ at: call.address, effect: chance.pick(effects(call)) })),
  )
}

/** Calls of two clean runs that do not stand in both: as a set, because parallel calls come in any order. */
function unrepeated(first: FaultRun, second: FaultRun): readonly string[] {
  const [one, two] = [first, second].map(({ calls }) => calls.map(({ address }) => printAddress(address)))
  const only = (a: readonly string[] = [], b: readonly string[] = []) => a.filter((name) => !b.includes(name))
  return [
    ...only(one, two).map((name) => `two clean runs differ: only the first calls ${name}`),
    ...only(two, one).map((name) => `two clean runs differ: only the second calls ${name}`),
    ...differencesOf(first.end, second.end).map((line) => `two clean runs end differently: ${line}`),
  ]
}

function problemsOf(
  clean: FaultRun,
  faulty: FaultRun | string,
  faults: readonly Fault[],
  mayDiffer: (difference: string, faults: readonly Fault[]) => boolean,
): readonly string[] {
  const what = faults.map(printFault).join(' and ')
  if (typeof faulty === 'string') return [`${what}: the run ended with ${faulty}`]
  // the second of two need not come: after the first the story may go another way
  const silent = faulty.fired.length === 0 ? [`${what}: never fired, so nothing was tried`] : []
  const late = faulty.refused.map((address) => `${what}: the dead instance still sent ${printAddress(address)}`)
  const differences = differencesOf(clean.end, faulty.end).filter((line) => !mayDiffer(line, faults))
  return [...silent, ...late, ...differences.map((line) => `${what}: ${line}`)]
}
