import type { CalibrationBin, Curve, Exhibit } from '../gates/finding.ts'
import { numberText } from '../gates/number-text.ts'
import { at, dot, label, line, path, scale, svg } from './svg.ts'

const SIDE = 300
const LEFT = 42
const BOTTOM = SIDE - 38
const EDGE = 10

const x = scale([0, 1], LEFT, SIDE - EDGE)
const y = scale([0, 1], BOTTOM, EDGE)

/** Receiver operating characteristic of the candidate over the incumbent's, on the unit square. */
export function rocSvg({ candidate, incumbent }: Extract<Exhibit, { kind: 'roc' }>): string {
  const curves = [incumbent && curvePath('incumbent', incumbent), curvePath('candidate', candidate)]
  return square('false positive rate', 'true positive rate', rocLabel(candidate, incumbent), curves)
}

function curvePath(arm: string, curve: Curve): string {
  return path(
    arm,
    curve.map(([falsely, truly]) => [x(falsely), y(truly)]),
  )
}

/** The curve in words: what it finds at one false alarm in ten. */
function rocLabel(candidate: Curve, incumbent: Curve | null): string {
  const found = (curve: Curve) =>
    numberText(Math.max(0, ...curve.filter(([falsely]) => falsely <= 0.1).map(([, truly]) => truly)), 2)
  const other = incumbent === null ? '' : `, the incumbent ${found(incumbent)}`
  return `ROC curve: at a false positive rate of 0.1 the candidate has a true positive rate of ${found(candidate)}${other}`
}

/** Share of positives over mean score, a point a bin; on the diagonal scores are honest. */
export function calibrationSvg({ candidate, incumbent }: Extract<Exhibit, { kind: 'calibration' }>): string {
  const gap = numberText(Math.max(0, ...filled(candidate).map((bin) => Math.abs(bin.mean_label - bin.mean_score))), 2)
  const words = `Calibration: the share of positives of the candidate is at most ${gap} from its mean score in any bin`
  return square('mean score', 'share of positives', words, [
    incumbent && binPath('incumbent', incumbent),
    binPath('candidate', candidate),
  ])
}

function filled(bins: readonly CalibrationBin[]): readonly CalibrationBin[] {
  return bins.filter(({ rows }) => rows > 0)
}

function binPath(arm: string, bins: readonly CalibrationBin[]): string {
  const points = filled(bins).map((bin) => ({ place: [x(bin.mean_score), y(bin.mean_label)] as const, rows: bin.rows }))
  const dots = points.map(({ place, rows }) => dot(arm, place, 3, `${arm}: ${rows} rows`))
  return (
    path(
      `${arm} thin`,
      points.map(({ place }) => place),
    ) + dots.join('')
  )
}

function square(below: string, beside: string, words: string, marks: readonly (string | null)[]): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((tick) =>
    [
      line('grid', [x(tick), EDGE], [x(tick), BOTTOM]),
      line('grid', [LEFT, y(tick)], [SIDE - EDGE, y(tick)]),
      label(String(tick), [x(tick), BOTTOM + 14], 'middle', 'faint'),
      label(String(tick), [LEFT - 6, y(tick) + 4], 'end', 'faint'),
    ].join(''),
  )
  const axes = [
    label(below, [(LEFT + SIDE) / 2, SIDE - 6], 'middle'),
    `<g transform="rotate(-90 12 ${at(SIDE / 2)})">${label(beside, [12, SIDE / 2 - 10], 'middle')}</g>`,
  ]
  const drawn = marks.filter((mark) => mark !== null)
  return svg(
    SIDE,
    SIDE,
    'square',
    words,
    [...ticks, line('diagonal', [x(0), y(0)], [x(1), y(1)]), ...drawn, ...axes].join(''),
  )
}
