/** How far this machine's clock is ahead of GitHub's, seconds. Freezes are decided by time, so it must be right. */
export interface ClockSkew {
  /** An answer's `Date` header, and when it came. */
  observe(date: string | null | undefined, nowMs: number): void
  /** null before the first answer. */
  seconds(): number | null
}

const KEPT = 9

/** The median of the last answers: one that was cached or long on its way moves nothing. */
export function openClockSkew(): ClockSkew {
  let last: readonly number[] = []
  return {
    observe(date, nowMs) {
      const skew = (nowMs - Date.parse(date ?? '')) / 1000
      if (Number.isFinite(skew)) last = [...last, skew].slice(-KEPT)
    },
    seconds() {
      const sorted = [...last].sort((a, b) => a - b)
      return sorted[sorted.length >> 1] ?? null
    },
  }
}

/** The same `fetch`, whose answers of GitHub also tell GitHub's time. */
export function watchDate(send: typeof fetch, skew: ClockSkew, nowMs: () => number): typeof fetch {
  return async (input, init) => {
    const answer = await send(input, init)
    skew.observe(answer.headers.get('date'), nowMs())
    return answer
  }
}
