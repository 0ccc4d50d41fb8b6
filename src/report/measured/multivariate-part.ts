import { countText, exactText, intervalText, numberText, percentText } from '../../gates/number-text.ts'
import type { MultivariateDrift } from '../../measuring/multivariate-drift.ts'
import type { Cell, PagePart, Tone } from '../page/page.ts'

const REASONS: Readonly<Record<string, string>> = {
  no_columns: 'no column can be compared',
  too_few_rows: 'fewer than 50 rows in a window',
  too_few_blocks: 'too few stretches of time to learn from some and be tested on others',
  too_few_columns: 'fewer than two columns that vary',
}

const EXCHANGED = {
  rows: 'single rows',
  within: 'rows of the same stretch of time',
  blocks: 'whole stretches of time',
}

/** All columns together: can the windows be told apart, by what, and do rows still lie where they lay. Advisory. */
export function multivariateParts(multivariate: MultivariateDrift): readonly PagePart[] {
  return [verdicts(multivariate), ...contributions(multivariate), method(multivariate)]
}

function verdicts({ domain_classifier: domain, reconstruction }: MultivariateDrift): PagePart {
  return {
    kind: 'table',
    title: 'All columns together',
    about: 'A reason to look, never a reason to hold: it names what moved, not whether it hurts.',
    columns: [
      { name: 'question' },
      { name: 'value', align: 'right' },
      { name: 'interval or limits' },
      { name: 'answer' },
    ],
    rows: [
      [
        'can a classifier tell the windows apart? (AUC, 0.5: no)',
        numberOrNone(domain.auc),
        domain.interval === null
          ? ''
          : `${intervalText(domain.interval)}, flagged over ${numberText(domain.threshold!)}`,
        answer(domain.is_drifted, 'yes', 'no', domain.reason),
      ],
      [
        'do rows still lie where they lay? (reconstruction error)',
        numberOrNone(reconstruction.error),
        reconstruction.limits === null ? '' : `limits ${intervalText(reconstruction.limits)}`,
        answer(reconstruction.is_drifted, 'no', 'yes', reconstruction.reason),
      ],
    ],
  }
}

function numberOrNone(value: number | null): string {
  return value === null ? 'none' : numberText(value)
}

function answer(isDrifted: boolean | null, drifted: string, still: string, reason?: string): Cell {
  if (isDrifted === null) return { text: `not told: ${REASONS[reason ?? ''] ?? reason ?? ''}`, tone: 'doubt' }
  const tone: Tone = isDrifted ? 'bad' : 'good'
  return { text: isDrifted ? drifted : still, tone }
}

function contributions({ domain_classifier: domain }: MultivariateDrift): readonly PagePart[] {
  if (domain.contributions.length === 0) return []
  const about =
    'Area under the curve that is lost without it; columns that say the same share it. Two names: how they go together changed.'
  return [
    {
      kind: 'plot',
      title:
        domain.is_drifted === true
          ? 'What tells the windows apart'
          : 'What the classifier looked at (chance, most likely)',
      about,
      plot: {
        type: 'bars',
        bars: domain.contributions.map(({ columns, auc_lost }) => ({
          label: columns.join(' with '),
          value: Math.max(0, auc_lost),
          tone: domain.is_drifted === true ? 'bad' : 'quiet',
        })),
      },
    },
  ]
}

function method({
  rows,
  columns,
  confidence,
  seed,
  domain_classifier: domain,
  reconstruction,
}: MultivariateDrift): PagePart {
  const chance =
    domain.null === null
      ? []
      : [
          `Chance alone, in ${domain.null.permutations} deals of ${EXCHANGED[domain.exchanged]} (${countText(domain.null.rows, 'rows')} each): AUC ${numberText(domain.null.mean)} on average, ${numberText(domain.null.q95)} once in twenty; p ${numberText(domain.p_value!, 2)}.`,
        ]
  return {
    kind: 'text',
    title: 'How this was looked at',
    lines: [
      `${countText(rows.reference, 'rows')} against ${countText(rows.current, 'rows')}, ${countText(columns.length, 'columns')}, seed ${exactText(seed)}.`,
      `Five-fold cross-fitted boosted tables of columns and pairs of columns; interval two-sided, ${percentText(confidence)}.`,
      ...chance,
      ...(reconstruction.components === 0
        ? []
        : [
            `Principal components: ${reconstruction.components} of ${reconstruction.columns}; limits are mean +- 3 sd of ${reconstruction.chunks.count} chunks of ${countText(reconstruction.chunks.rows, 'rows')} of the reference.`,
          ]),
    ],
  }
}
