import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixture } from './fixtures.ts'

interface MulticlassReference {
  readonly classes: readonly string[]
  readonly label: string
  // biome-ignore lint/suspicious/noExplicitAny: the reference files have no schema of their own
  readonly versions: Record<string, any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly tests: Record<string, any>
}

/** Three classes, two versions, and what scikit-learn says of them. */
export const multiclass = JSON.parse(readFileSync(fixture('reference/multiclass.json'), 'utf8')) as MulticlassReference

/** Probabilities of the three classes, a line a row. */
export function linesOf(version: string): readonly (readonly number[])[] {
  const rest: readonly [number, number][] = multiclass.versions[version].probabilities
  return rest.map(([b, c]) => [Math.round((1 - b - c) * 1e6) / 1e6, b, c])
}

/** The table of one version as CSV: row_id, y, score_a, score_b, score_c. */
export function writeMulticlass(folder: string, version: string): string {
  const path = join(folder, `${version}.csv`)
  const lines = linesOf(version).map((line, row) => [row, multiclass.label[row], ...line].join(','))
  writeFileSync(path, `${['row_id,y,score_a,score_b,score_c', ...lines].join('\n')}\n`)
  return path
}
