import type { CalibrationBin, Curve, Exhibit, Finding } from '../gates/finding.ts'
import { numberText } from '../gates/number-text.ts'
import { escapeHtml } from './html-text.ts'
import { groupName } from './text-plot.ts'

type Range = readonly [number, number]

const SIDE = 280
const PAD = 34

/** Receiver operating characteristic and calibration side by side, drift and groups as rows of intervals. */
export function plotExhibit(exhibit: Exhibit): string {
  switch (exhibit.kind) {
    case 'roc':
      return figure(
        'ROC',
        square('false positive rate', 'true positive rate', [
          line(exhibit.incumbent, 'incumbent'),
          line(exhibit.candidate, 'candidate'),
        ]),
      )
    case 'calibration':
      return figure(
        'Calibration',
        square('mean score', 'share of positives', [
          dots(exhibit.incumbent, 'incumbent'),
          dots(exhibit.candidate, 'candidate'),
        ]),
      )
    case 'groups':
      return figure(`${exhibit.rate} by ${exhibit.across.join(' and ')}`, groupsSvg(exhibit))
    case 'columns':
      return figure('Drift by column', columnsSvg(exhibit))
    case 'table':
      return tableHtml(exhibit)
  }
}

function figure(caption: string, svg: string): string {
  return `<figure><figcaption>${escapeHtml(caption)}</figcaption>${svg}</figure>`
}

function scale(range: Range, from: number, to: number): (x: number) => number {
  const span = range[1] - range[0] || 1
  return (x) => from + ((x - range[0]) / span) * (to - from)
}

function square(xLabel: string, yLabel: string, marks: readonly string[]): string {
  const inner = SIDE - PAD
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((tick) => {
    const x = PAD + tick * (inner - 10)
    const y = inner - tick * (inner - 10)
    return `<line class="grid" x1="${x}" y1="10" x2="${x}" y2="${inner}"/><line class="grid" x1="${PAD}" y1="${y}" x2="${SIDE - 10}" y2="${y}"/><text x="${x}" y="${inner + 13}" text-anchor="middle">${tick}</text><text x="${PAD - 5}" y="${y + 3}" text-anchor="end">${tick}</text>`
  })
  return `<svg viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="${escapeHtml(`${yLabel} over ${xLabel}`)}">${ticks.join('')}<line class="diagonal" x1="${PAD}" y1="${inner}" x2="${SIDE - 10}" y2="10"/>${marks.join('')}<text x="${SIDE / 2}" y="${SIDE - 6}" text-anchor="middle">${xLabel}</text><text x="10" y="${SIDE / 2}" text-anchor="middle" transform="rotate(-90 10 ${SIDE / 2})">${yLabel}</text></svg>`
}

const xAt = scale([0, 1], PAD, SIDE - 10)
const yAt = scale([0, 1], SIDE - PAD, 10)

function line(curve: Curve | null, arm: string): string {
  if (curve === null) return ''
  return `<polyline class="${arm}" points="${curve.map(([x, y]) => `${xAt(x).toFixed(1)},${yAt(y).toFixed(1)}`).join(' ')}"><title>${arm}</title></polyline>`
}

function dots(bins: readonly CalibrationBin[] | null, arm: string): string {
  if (bins === null) return ''
  const filled = bins.filter((bin) => bin.rows > 0)
  const points = filled.map((bin) => [xAt(bin.mean_score), yAt(bin.mean_label)] as const)
  const path = `<polyline class="${arm} thin" points="${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}"/>`
  const circles = points.map(
    ([x, y], index) =>
      `<circle class="${arm}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3"><title>${arm}: ${filled[index]!.rows} rows</title></circle>`,
  )
  return path + circles.join('')
}

const WIDE = 640
const NAME = 190
const ROW = 22

function groupsSvg(exhibit: Extract<Exhibit, { kind: 'groups' }>): string {
  const ends = exhibit.groups.flatMap((group) =>
    [group.value, group.incumbent ?? null, ...(group.interval ?? [])].filter((x) => x !== null),
  )
  const range: Range = [Math.min(0, ...ends), Math.max(...ends, 0.0001)]
  const x = scale(range, NAME, WIDE - 70)
  const rows = exhibit.groups.map((group, index) => {
    const y = 16 + index * ROW
    const name = `<text x="${NAME - 8}" y="${y + 4}" text-anchor="end">${escapeHtml(groupName(group.group).slice(0, 32))}</text>`
    if (group.value === null)
      return `${name}<text class="faint" x="${NAME}" y="${y + 4}">${group.counted ? 'no value' : 'too few rows'}</text>`
    const interval =
      group.interval === null
        ? ''
        : `<line class="candidate whisker" x1="${x(group.interval[0])}" y1="${y}" x2="${x(group.interval[1])}" y2="${y}"/>`
    const incumbent =
      group.incumbent === undefined || group.incumbent === null
        ? ''
        : `<path class="incumbent" d="M${x(group.incumbent)} ${y - 6}v12"><title>incumbent ${numberText(group.incumbent)}</title></path>`
    const rowsText = group.rows === null ? '' : ` · ${group.rows}`
    return `${name}${interval}${incumbent}<circle class="candidate" cx="${x(group.value)}" cy="${y}" r="4"/><text x="${WIDE - 62}" y="${y + 4}">${numberText(group.value)}${group.counted ? '' : '*'}${rowsText}</text>`
  })
  return `<svg viewBox="0 0 ${WIDE} ${exhibit.groups.length * ROW + 12}" class="wide" role="img" aria-label="${escapeHtml(exhibit.rate)} by group">${rows.join('')}</svg>`
}

function columnsSvg(exhibit: Extract<Exhibit, { kind: 'columns' }>): string {
  const shown = [...exhibit.columns].sort((a, b) => (b.score ?? -1) - (a.score ?? -1)).slice(0, 60)
  const top = Math.max(exhibit.threshold * 1.5, ...shown.map((column) => column.score ?? 0), 0.0001)
  const x = scale([0, top], NAME, WIDE - 70)
  const rows = shown.map((column, index) => {
    const y = 16 + index * ROW
    const name = `<text x="${NAME - 8}" y="${y + 4}" text-anchor="end">${escapeHtml(column.column.slice(0, 32))}</text>`
    if (column.score === null)
      return `${name}<text class="faint" x="${NAME}" y="${y + 4}">${escapeHtml(column.note ?? 'not available')}</text>`
    const style = column.is_drifted === true ? 'failed' : column.is_drifted === null ? 'inconclusive' : 'passed'
    return `${name}<rect class="${style}" x="${NAME}" y="${y - 7}" width="${Math.max(1, x(column.score) - NAME)}" height="14"/><text x="${WIDE - 62}" y="${y + 4}">${numberText(column.score)}</text>`
  })
  const height = shown.length * ROW + 12
  return `<svg viewBox="0 0 ${WIDE} ${height}" class="wide" role="img" aria-label="drift by column">${rows.join('')}<line class="limit" x1="${x(exhibit.threshold)}" y1="4" x2="${x(exhibit.threshold)}" y2="${height - 6}"/></svg>`
}

function tableHtml(exhibit: Extract<Exhibit, { kind: 'table' }>): string {
  const head = exhibit.header.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')
  const body = exhibit.rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('')
  return `<figure><figcaption>${escapeHtml(exhibit.title)}</figcaption><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></figure>`
}

/** A rule's interval against its limit on one small line; empty where there is nothing to draw. */
export function limitSvg(finding: Finding): string {
  const against =
    finding.incumbent?.difference !== undefined &&
    finding.incumbent.difference !== null &&
    (finding.limit?.max_drop !== undefined || finding.limit?.max_rise !== undefined)
  const value = against ? finding.incumbent!.difference! : finding.measured
  const interval = against ? finding.incumbent!.interval : finding.interval
  if (value === null || finding.limit === null) return ''
  const { min, max, max_drop, max_rise } = finding.limit
  const limits = [min, max, max_drop === undefined ? undefined : -max_drop, max_rise].filter(
    (limit) => limit !== undefined,
  )
  const ends = [value, ...(interval ?? []), ...limits, ...(against ? [0] : [])]
  const margin = (Math.max(...ends) - Math.min(...ends)) * 0.1 || 0.01
  const x = scale([Math.min(...ends) - margin, Math.max(...ends) + margin], 4, 156)
  const whisker =
    interval === null
      ? ''
      : `<line class="candidate whisker" x1="${x(interval[0])}" y1="12" x2="${x(interval[1])}" y2="12"/>`
  const marks = limits.map((limit) => `<line class="limit" x1="${x(limit)}" y1="2" x2="${x(limit)}" y2="22"/>`).join('')
  return `<svg viewBox="0 0 160 24" class="mini" role="img" aria-label="interval and limit">${marks}${whisker}<circle class="candidate" cx="${x(value)}" cy="12" r="3.5"/></svg>`
}
