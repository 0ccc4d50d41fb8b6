import { type ChecksQuestion, desiredChecks } from '../../src/checks/desired-checks.ts'
import type { Weighing } from '../../src/checks/weighing.ts'
import { type Finding, finding } from '../../src/gates/finding.ts'
import type { CheckDocument } from '../../src/report/check-document.ts'
import { aucRule, checkOf, gate, promotion, root } from '../report/checks.ts'

export const KEY = 'c'.repeat(64)
export const NOW = '2026-11-18T10:00:00.000Z'
export const manifestPlace = { path: 'deploy/production/churn.yml', line: 7, column: 5 }

/** A verdict on one promotion with these gates. */
export function document(
  status: Finding['status'],
  gates: readonly Finding[],
  more: Partial<CheckDocument> = {},
  because = status === 'passed' ? '3 gates passed.' : 'metrics: roc_auc is under the floor.',
): CheckDocument {
  return checkOf(root(status, because, gates), {
    not_asked: [],
    now: NOW,
    changes: [promotion({ place: manifestPlace })],
    ...more,
  })
}

export const weighing = (of: CheckDocument, more: Partial<Weighing> = {}): Weighing => ({
  document: of,
  evidenceKey: KEY,
  pull: 7,
  baseRef: 'main',
  ...more,
})

export function question(weighings: readonly Weighing[], more: Partial<ChecksQuestion> = {}): ChecksQuestion {
  return {
    weighings,
    engine: 'weighbridge 0.1.0',
    headPaths: new Map([[manifestPlace.path, [{ start: 5, end: 9 }]]]),
    isRequired: true,
    isFork: false,
    mode: 'rolled-up',
    reportUrl: null,
    repositoryUrl: 'https://github.com/acme/models',
    ...more,
  }
}

export const checksOf = (of: CheckDocument, more: Partial<ChecksQuestion> = {}) =>
  desiredChecks(question([weighing(of)], more))

export const registry = gate('registry', 'passed')
export const metrics = (status: Finding['status']) => gate('metrics', status, [aucRule(status, 0.87)])
export const skipped = finding('drift', 'drift: nothing declared', 'skipped', 'The policy has no drift.')
export const sound = document('passed', [registry, metrics('passed'), skipped])
export const failing = document('failed', [registry, metrics('failed'), skipped])
