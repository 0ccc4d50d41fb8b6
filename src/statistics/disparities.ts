import type { RateName } from './group-rate.ts'

/** How groups are compared. */
export interface DisparityDefinition {
  readonly name: string
  readonly task: 'binary' | 'regression'
  /** zero: a difference, judged on |x|; one: a ratio. */
  readonly better: 'zero' | 'one'
  readonly rates: readonly RateName[]
  /** What becomes of two rates: the worse of both, their mean with signs, or the mean of their sizes. */
  readonly of: 'one' | 'worst' | 'signed-mean' | 'mean'
  /** false: shown only. */
  readonly gateable: boolean
  readonly about: string
}

/** All disparities; names are those of fairlearn and AIF360. */
export const DISPARITIES: readonly DisparityDefinition[] = [
  {
    name: 'statistical_parity_difference',
    task: 'binary',
    better: 'zero',
    rates: ['selection_rate'],
    of: 'one',
    gateable: true,
    about: 'Gap between the shares of rows that are predicted positive.',
  },
  {
    name: 'disparate_impact',
    task: 'binary',
    better: 'one',
    rates: ['selection_rate'],
    of: 'one',
    gateable: true,
    about: 'Ratio of the shares of rows that are predicted positive; the four-fifths rule asks for 0.8.',
  },
  {
    name: 'equal_opportunity_difference',
    task: 'binary',
    better: 'zero',
    rates: ['true_positive_rate'],
    of: 'one',
    gateable: true,
    about: 'Gap between the shares of true positives that are found.',
  },
  {
    name: 'equalized_odds_difference',
    task: 'binary',
    better: 'zero',
    rates: ['true_positive_rate', 'false_positive_rate'],
    of: 'worst',
    gateable: true,
    about: 'The wider of two gaps: in true positive rates and in false positive rates.',
  },
  {
    name: 'average_odds_difference',
    task: 'binary',
    better: 'zero',
    rates: ['true_positive_rate', 'false_positive_rate'],
    of: 'signed-mean',
    gateable: false,
    about:
      'Mean of the gaps in true and false positive rates. Against a privileged group the signs can cancel: shown only.',
  },
  {
    name: 'average_abs_odds_difference',
    task: 'binary',
    better: 'zero',
    rates: ['true_positive_rate', 'false_positive_rate'],
    of: 'mean',
    gateable: true,
    about: 'Mean of the sizes of the gaps in true and false positive rates.',
  },
  {
    name: 'predictive_parity_difference',
    task: 'binary',
    better: 'zero',
    rates: ['precision'],
    of: 'one',
    gateable: true,
    about: 'Gap between the shares of predicted positives that are right.',
  },
  {
    name: 'mean_prediction_difference',
    task: 'regression',
    better: 'zero',
    rates: ['mean_prediction'],
    of: 'one',
    gateable: true,
    about: "Gap between the groups' mean predictions, in the label's unit.",
  },
  {
    name: 'mean_error_difference',
    task: 'regression',
    better: 'zero',
    rates: ['mean_error'],
    of: 'one',
    gateable: true,
    about: "Gap between the groups' mean errors, prediction - label, in the label's unit: who is over- or underrated.",
  },
  {
    name: 'mae_difference',
    task: 'regression',
    better: 'zero',
    rates: ['mean_absolute_error'],
    of: 'one',
    gateable: true,
    about: "Gap between the groups' mean absolute errors, in the label's unit.",
  },
]

/**
 * The definition of a disparity.
 *
 * @throws {RangeError} when there is none of that name; the message lists them
 * @example disparityNamed('disparate_impact').better // => 'one'
 */
export function disparityNamed(name: string): DisparityDefinition {
  const found = DISPARITIES.find((disparity) => disparity.name === name)
  if (found !== undefined) return found
  const names = DISPARITIES.map((disparity) => disparity.name).join(', ')
  throw new RangeError(`there is no disparity "${name}". Disparities here: ${names}.`)
}
