/** What a place is taken by: each kind has places of its own, so that an answer never waits behind weighings. */
export type TurnKind = 'comment' | 'training' | 'other'

/** A piece that runs. */
export interface InTurn {
  readonly repository: number
  /** 0 is the first lane. */
  readonly lane: number
  readonly kind: TurnKind
}

/** The first piece in line of one repository, lane and kind. */
export interface InLine extends InTurn {
  readonly place: number
}

export interface TurnLimits {
  /** Pieces of one repository and kind at once. */
  readonly perRepository: number
  /** Number of the lowest lane that may start; -1: none. */
  readonly lowest: number
  /** Comments may start whatever the lane. */
  readonly comments: boolean
}

/**
 * Who is next: lanes first, then the repository whose last turn is longest ago, then the one that came first. What runs
 * in a lower lane does not hold a higher one back.
 *
 * @param turns    when a repository had its last turn, as a growing number
 */
export function nextInTurn(
  line: readonly InLine[],
  running: readonly InTurn[],
  turns: ReadonlyMap<number, number>,
  limits: TurnLimits,
): InLine | null {
  const isFree = (one: InLine) => running.filter((other) => isAhead(other, one)).length < limits.perRepository
  const mayStart = (one: InLine) => one.lane <= limits.lowest || (limits.comments && one.kind === 'comment')
  const isBefore = (a: InLine, b: InLine) => {
    const order = a.lane - b.lane || (turns.get(a.repository) ?? 0) - (turns.get(b.repository) ?? 0)
    return (order || a.place - b.place) < 0
  }
  return line
    .filter((one) => mayStart(one) && isFree(one))
    .reduce<InLine | null>((best, one) => (best === null || isBefore(one, best) ? one : best), null)
}

/** Whether a piece that runs takes a place that the other would need. */
function isAhead(running: InTurn, { repository, lane, kind }: InTurn): boolean {
  return running.repository === repository && running.kind === kind && running.lane <= lane
}
