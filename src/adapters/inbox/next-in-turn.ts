/** The first piece in line of one repository and lane. */
export interface InLine {
  readonly repository: number
  /** 0 is the first lane. */
  readonly lane: number
  readonly place: number
}

export interface TurnLimits {
  /** Pieces of one repository at once. */
  readonly perRepository: number
  /** Number of the lowest lane that may start. */
  readonly lowest: number
}

/**
 * Who is next: lanes first, then the repository whose last turn is longest ago, then the one that came first. What runs
 * in a lower lane does not hold a higher one back.
 *
 * @param running  repository and lane of each piece that runs
 * @param turns    when a repository had its last turn, as a growing number
 */
export function nextInTurn(
  line: readonly InLine[],
  running: readonly { readonly repository: number; readonly lane: number }[],
  turns: ReadonlyMap<number, number>,
  limits: TurnLimits,
): InLine | null {
  const isFree = (one: InLine) =>
    running.filter((other) => other.repository === one.repository && other.lane <= one.lane).length <
    limits.perRepository
  const isBefore = (a: InLine, b: InLine) => {
    const order = a.lane - b.lane || (turns.get(a.repository) ?? 0) - (turns.get(b.repository) ?? 0)
    return (order || a.place - b.place) < 0
  }
  return line
    .filter((one) => one.lane <= limits.lowest && isFree(one))
    .reduce<InLine | null>((best, one) => (best === null || isBefore(one, best) ? one : best), null)
}
