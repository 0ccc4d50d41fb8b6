import type { EstimatedDocument } from '../../measuring/estimated-quality.ts'
import type { EstimateAsk } from './estimate-ask.ts'
import { estimateQuality } from './estimated-quality.ts'

/** The document of `metrics --without-labels`: no metric is measured, what can be estimated stands apart. */
export async function estimatedDocument(engine: string, ask: EstimateAsk): Promise<EstimatedDocument> {
  const { estimated, warnings } = await estimateQuality(ask)
  const { task, rows, confidence } = estimated
  const positive = task === 'binary' ? (ask.positive ?? 1) : null
  const threshold = task === 'binary' && ask.prediction === undefined ? (ask.threshold ?? 0.5) : null
  const noLabels = { code: 'no-labels', message: `nothing was measured: estimates hold ${estimated.assumption}` }
  const none = estimated.because === undefined ? [] : [{ code: 'no-estimate', message: estimated.because }]
  return {
    ...{ schema: 'weighbridge.metrics/v1', engine, task, rows: rows.window, confidence, threshold, positive },
    ...{ metrics: {}, estimated, warnings: [noLabels, ...none, ...warnings] },
  }
}
