import { measureMetric } from '../../src/statistics/measure.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'

/** Seconds that the area under the ROC curve with its interval takes; the same rows on every run. */
export function aucWithInterval(count: number): number {
  const generator = pcg32(7, 'area')
  const label = Uint8Array.from({ length: count }, () => (generator.uniform() < 0.24 ? 1 : 0))
  const score = Float64Array.from(label, (one) => (generator.uniform() + generator.uniform() + one) / 3)
  const prediction = Uint8Array.from(score, (one) => (one > 0.5 ? 1 : 0))
  const started = performance.now()
  measureMetric({ task: 'binary', unit: null, weight: null, label, score, prediction }, 'roc_auc', { confidence: 0.95 })
  return (performance.now() - started) / 1000
}
