import {
  CALIBRATIONS,
  type Calibration,
  millisecondsOf,
  type PeriodTerms,
  SEASONS,
  type Season,
} from '../../measuring/drift-periods.ts'
import { Unavailable } from '../../ports.ts'

const WINDOW = '7d'

/** How time was asked for, in words. */
export interface PeriodWords {
  readonly time: string | undefined
  readonly calibrate: string | undefined
  readonly window: string | undefined
  readonly season: string | undefined
  /** Windows of time are wanted whatever the calibration: a preset cuts its chunks by them. */
  readonly byTime: boolean
}

/**
 * What time has to do with it; nothing unless a calibration by windows or a season was asked for.
 *
 * @throws {Unavailable} when there is no time column for it, or a word is none
 */
export function periodTerms({ time, calibrate, window, season, byTime }: PeriodWords): PeriodTerms | undefined {
  const terms = {
    calibrate: byTime ? 'windows' : known(calibrate, CALIBRATIONS, 'rows'),
    season: known(season, SEASONS, 'none'),
  }
  if (window !== undefined && terms.calibrate === 'rows')
    throw new Unavailable('missing', '--window belongs to --calibrate windows', 'Add it, or leave --window out.')
  if (terms.calibrate === 'rows' && terms.season === 'none') return undefined
  if (time === undefined)
    throw new Unavailable('missing', 'windows and seasons need a time column', 'Name it with --time COLUMN.')
  const windowMs = millisecondsOf(window ?? WINDOW)
  if (windowMs === null)
    throw new Unavailable(
      'missing',
      `--window ${window} is no length of time`,
      'Write a whole number and s, m, h, d or w, such as 7d.',
    )
  return { time, windowMs, calibrate: terms.calibrate as Calibration, season: terms.season as Season }
}

function known(word: string | undefined, words: readonly string[], otherwise: string): string {
  if (word === undefined || words.includes(word)) return word ?? otherwise
  throw new Unavailable('missing', `there is no ${word} here`, `Known: ${words.join(', ')}.`)
}
