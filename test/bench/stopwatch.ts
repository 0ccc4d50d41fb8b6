/** Something measured: median and range of some runs. */
export interface Timing {
  readonly name: string
  readonly runs: number
  readonly medianMs: number
  readonly lowMs: number
  readonly highMs: number
}

/** Runs a job some times, with `before` outside of the clock, and keeps the median. */
export async function timed(
  name: string,
  runs: number,
  job: () => unknown,
  before: () => unknown = () => undefined,
): Promise<Timing> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    await before()
    const start = performance.now()
    await job()
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  return { name, runs, medianMs: times[runs >> 1] ?? 0, lowMs: times[0] ?? 0, highMs: times.at(-1) ?? 0 }
}

/** One line: name, median, range, and how many times the unit of this run. */
export function timingLine({ name, runs, medianMs, lowMs, highMs }: Timing, unitMs: number): string {
  const range = `${msText(lowMs)} to ${msText(highMs)}`
  return `${name.padEnd(64)} ${msText(medianMs).padStart(9)}  ${range.padEnd(20)} ${String(runs).padStart(2)} runs ${(medianMs / unitMs).toFixed(2).padStart(8)} units`
}

/** `1.9 times`: a ratio of two medians of the same run. */
export function ratioLine(name: string, above: Timing, below: Timing): string {
  return `  ${name}: ${(above.medianMs / below.medianMs).toPrecision(2)} times`
}

function msText(ms: number): string {
  return ms < 10 ? `${ms.toFixed(2)} ms` : ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`
}
