import type { Gate } from '../gates/gate.ts'

/**
 * The name under which a rule is united with its like, loosened and shown.
 *
 * Its own `id`, else the gate and what the rule asks, joined by slashes: metric or unit or name, `where`, `across`
 * (crossed columns joined by a comma) and `incumbent`. Limits are no part of it.
 *
 * @example ruleId(metricsGate, { metric: 'roc_auc', against: 'incumbent', max_drop: 0.01 }) // => 'metrics/roc_auc/incumbent'
 */
export function ruleId(gate: Gate, rule: Readonly<Record<string, unknown>>): string {
  const { id } = rule
  return typeof id === 'string' ? id : [gate.name, ...gate.idParts(rule)].join('/')
}

/** One option of a gate or section that has no list: `data-quality/max_missing_share`, `evidence/at_least`. */
export function optionId(section: string, key: string): string {
  return `${section}/${key}`
}
