import type { ScoredColumns } from './scored-table.ts'

/** What a document repeats of the question that it answers. */
export function toldTerms(ask: ScoredColumns & { readonly engine: string; readonly confidence: number }) {
  const isBinary = ask.task === 'binary'
  return {
    engine: ask.engine,
    confidence: ask.confidence,
    threshold: isBinary && ask.prediction === null ? ask.threshold : null,
    positive: isBinary ? ask.positive : null,
    weights: ask.weight,
    unit: ask.unit,
    where: ask.where,
  }
}

/** Of rows whose truth nobody knows, behind their number. */
export function unlabelledText({ task }: Pick<ScoredColumns, 'task'>): string {
  return `have no label${task === 'regression' ? ', or one that is not finite,' : ''} and are in no number`
}
