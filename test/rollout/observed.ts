import { readFileSync } from 'node:fs'
import type { AnalysisRules, AnalysisStep, Minute } from '../../src/rollout/analysis.ts'
import { judgeAnalysis } from '../../src/rollout/judge-analysis.ts'
import type { Question } from '../../src/rollout/prometheus-answer.ts'
import type { Reading } from '../../src/rollout/reading.ts'

export const MINUTE = 60_000
/** When the step of these stories begins. */
export const BEGAN = Date.UTC(2026, 10, 2, 9)

export const RULES: AnalysisRules = {
  alpha: 0.05,
  confidence: 0.9,
  minRequests: 1000,
  maxSilenceMs: 3 * MINUTE,
  maxMissingShare: 0.1,
  warmUpMs: 0,
  extrapolation: 1,
  rates: [{ name: 'errors', better: 'lower', margin: 0.01 }],
}

export function counts(canary: number, baseline: number): Reading {
  return { is: 'counts', canary, baseline }
}

/** Minute number `at` of a step; as it stands: 100 of 2,000 requests are the canary's, one error of 100 requests. */
export function minute(at: number, seen: { requests?: Reading; errors?: Reading } = {}, began = BEGAN): Minute {
  return {
    from: began + at * MINUTE,
    until: began + (at + 1) * MINUTE,
    requests: seen.requests ?? counts(100, 1900),
    events: { errors: seen.errors ?? counts(1, 19) },
  }
}

/** So many good minutes. */
export function goodMinutes(many: number, from = 0): readonly Minute[] {
  return Array.from({ length: many }, (_, at) => minute(from + at))
}

export function step(minutes: readonly Minute[], share = 0.05): AnalysisStep {
  return { share, began: BEGAN, minutes }
}

/** The judgement a few seconds after the last of these minutes. */
export function judged(minutes: readonly Minute[], rules: Partial<AnalysisRules> = {}, share = 0.05) {
  const now = (minutes.at(-1)?.until ?? BEGAN) + 5_000
  const judgement = judgeAnalysis([step(minutes, share)], { ...RULES, ...rules }, now)
  return { ...judgement, why: judgement.rates[0]!.why, numbers: judgement.rates[0]!.numbers }
}

/** When the recorded answers were asked for. */
export const TRACK: Question = { label: 'track', canary: 'canary', baseline: 'baseline', askedAt: 1795292167000 }

/** An answer as Prometheus gave it; see test/fixtures/README.md. */
export function recorded(name: string): string {
  return readFileSync(new URL(`../fixtures/prometheus/${name}.json`, import.meta.url), 'utf8')
}
