import type { Column, LocalFile, ModelLimits, ModelRunner, ModelSession } from '../../ports.ts'
import type { TimedRounds } from '../../statistics/timed-rounds.ts'

/** A model that is timed, with the columns that fill it. */
export interface TimedModel {
  readonly called: string
  readonly file: LocalFile
  readonly columns: ReadonlyMap<string, Column>
  readonly order: readonly string[]
}

export interface TimedModelCalls {
  readonly rounds: TimedRounds
  readonly coldStartMs: number
  readonly peakMb: number
}

const ROUNDS = 40
const WARM_UP = 20

/**
 * Times calls of one or two models in turns: a round of the one, a round of the other, the first to go changing.
 *
 * @param calls  of each model; rounded up to a whole number of rounds
 */
export async function timeInTurns(
  runner: ModelRunner,
  models: readonly TimedModel[],
  {
    limits,
    batch,
    calls,
    progress,
  }: {
    readonly limits: ModelLimits
    readonly batch: number
    readonly calls: number
    readonly progress: (text: string) => void
  },
): Promise<readonly TimedModelCalls[]> {
  const open: Timing[] = []
  try {
    for (const model of models) open.push(await warm(await runner.open(model.file, limits), model, batch))
    const perRound = Math.ceil(calls / ROUNDS)
    for (let round = 0; round < ROUNDS; round++) {
      progress(`timing round ${round + 1} of ${ROUNDS}`)
      for (const one of round % 2 === 0 ? open : open.toReversed()) await timeRound(one, batch, perRound)
    }
    return open.map(({ rounds, coldStartMs, peakMb }) => ({ rounds, coldStartMs, peakMb }))
  } finally {
    for (const { session } of open) session.close()
  }
}

interface Timing {
  readonly session: ModelSession
  readonly model: TimedModel
  readonly rounds: Float64Array[]
  readonly coldStartMs: number
  peakMb: number
}

/** The first answer of all is part of the cold start; the next ones are of no account. */
async function warm(session: ModelSession, model: TimedModel, batch: number): Promise<Timing> {
  try {
    const first = await session.time(model.columns, model.order, { batch, calls: 1 })
    const { peakMb } = await session.time(model.columns, model.order, { batch, calls: WARM_UP })
    return { session, model, rounds: [], coldStartMs: session.openedMs + first.ms[0]!, peakMb }
  } catch (error) {
    session.close()
    throw error
  }
}

async function timeRound(timing: Timing, batch: number, calls: number): Promise<void> {
  const { columns, order } = timing.model
  const { ms, peakMb } = await timing.session.time(columns, order, { batch, calls })
  timing.rounds.push(ms)
  timing.peakMb = peakMb
}
