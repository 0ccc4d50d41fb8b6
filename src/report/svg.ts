import { escapeHtml } from './html-text.ts'

export type Range = readonly [low: number, high: number]

/** Where a number of `range` lies between two places of a drawing. */
export function scale([low, high]: Range, from: number, to: number): (value: number) => number {
  const span = high - low || 1
  return (value) => from + ((value - low) / span) * (to - from)
}

/** A place in a drawing, to a tenth of a unit. */
export function at(place: number): string {
  return String(Math.round(place * 10) / 10)
}

/** A drawing with a text that says the same. */
export function svg(width: number, height: number, kind: string, label: string, inside: string): string {
  return `<svg viewBox="0 0 ${at(width)} ${at(height)}" class="${kind}" role="img" aria-label="${escapeHtml(label, 2000)}">${inside}</svg>`
}

/** A straight line. */
export function line(kind: string, from: readonly [number, number], to: readonly [number, number]): string {
  return `<line class="${kind}" x1="${at(from[0])}" y1="${at(from[1])}" x2="${at(to[0])}" y2="${at(to[1])}"/>`
}

/** A point, with a title that shows when it is pointed at. */
export function dot(kind: string, [x, y]: readonly [number, number], radius: number, title = ''): string {
  const inside = title === '' ? '/>' : `><title>${escapeHtml(title, 200)}</title></circle>`
  return `<circle class="${kind}" cx="${at(x)}" cy="${at(y)}" r="${radius}"${inside}`
}

/** A box, with a title that shows when it is pointed at. */
export function box(
  kind: string,
  [x, y]: readonly [number, number],
  [width, height]: readonly [number, number],
  title = '',
): string {
  const inside = title === '' ? '/>' : `><title>${escapeHtml(title, 200)}</title></rect>`
  return `<rect class="${kind}" x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}"${inside}`
}

/** The area within points. */
export function area(kind: string, points: readonly (readonly [number, number])[]): string {
  return `<polygon class="${kind}" points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}"/>`
}

/** A line through points. */
export function path(kind: string, points: readonly (readonly [number, number])[]): string {
  return `<polyline class="${kind}" points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}"/>`
}

/** Text at a place. */
export function label(
  text: string,
  [x, y]: readonly [number, number],
  anchor: 'start' | 'middle' | 'end',
  kind = '',
): string {
  const named = kind === '' ? '' : ` class="${kind}"`
  return `<text${named} x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${escapeHtml(text, 120)}</text>`
}
