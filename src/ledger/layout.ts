import { type BudgetState, EMPTY_BUDGET } from './budget-state.ts'
import { scopeName } from './cause.ts'
import { BUDGET, type Head, indexPath, type Part, statePath } from './documents.ts'
import { scopeFolder } from './every-model.ts'
import { emptyState, type FactScope, type LedgerState, type ModelScope } from './fact.ts'
import { foldLine } from './fold.ts'
import { foldBudgetLine } from './fold-budget.ts'
import type { Line } from './line.ts'
import { textDigest } from './signature.ts'

/**
 * A file of lines has at most so many characters: at three bytes each still below the 512,000 bytes at which GitHub
 * cuts a text. Each append sends the newest one whole.
 */
const LONGEST_PART = 160_000

/** What the branch holds of one scope: its fold, and the file that its next line goes to. */
export type ScopeFiles = ScopeEnd &
  (
    | { readonly scope: ModelScope; readonly state: LedgerState }
    | { readonly scope: 'budget'; readonly state: BudgetState }
  )

interface ScopeEnd {
  readonly seq: number
  /** null before the first line. */
  readonly part: { readonly name: string; readonly text: string } | null
}

/** As much of the branch as an append changes. */
export interface BranchContent {
  readonly head: Head
  /** By environment; those of the scopes that are written. */
  readonly indexes: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** By scope name. */
  readonly scopes: ReadonlyMap<string, ScopeFiles>
  /** Files of lines that changed, by path. */
  readonly parts: ReadonlyMap<string, string>
}

/**
 * What the branch holds after more lines: a function of the lines alone, so that two writers, or one who rebuilds it
 * years later, write the same files.
 *
 * @param before  the branch, with every scope that the lines belong to
 * @param lines   in order of seq, beginning after the head
 */
export function withLines(before: BranchContent, lines: readonly Line[]): BranchContent {
  const indexes = new Map([...before.indexes].map(([environment, models]) => [environment, new Map(models)]))
  const scopes = new Map(before.scopes)
  const parts = new Map(before.parts)
  let { head } = before
  for (const line of lines) {
    const { scope } = line
    const files = scopeWithLine(scopes.get(scopeName(scope)) ?? emptyScope(scope), line)
    scopes.set(scopeName(scope), files)
    parts.set(partPath(scope, files.part.name), files.part.text)
    if (scope !== 'budget') modelsOf(indexes, scope.environment).set(scope.model, line.seq)
    const budget = scope === 'budget' ? { seq: line.seq, part: named(files.part) } : head.budget
    head = { ...head, seq: line.seq, digest: line.digest, budget }
  }
  return { head, indexes, scopes, parts }
}

function modelsOf(indexes: Map<string, Map<string, number>>, environment: string): Map<string, number> {
  const models = indexes.get(environment) ?? new Map<string, number>()
  indexes.set(environment, models)
  return models
}

/** A scope that has no line yet. */
export function emptyScope(scope: FactScope): ScopeFiles {
  const end: ScopeEnd = { seq: 0, part: null }
  if (scope === 'budget') return { scope, state: EMPTY_BUDGET, ...end }
  return { scope, state: emptyState(scope.environment, scope.model), ...end }
}

function scopeWithLine(files: ScopeFiles, line: Line) {
  const name = partFor(files.part, line)
  const text = name === files.part?.name ? files.part.text : ''
  const end = { seq: line.seq, part: { name, text: `${text}${line.text}\n` } }
  if (files.scope === 'budget') return { scope: files.scope, state: foldBudgetLine(files.state, line), ...end }
  return { scope: files.scope, state: foldLine(files.state, line), ...end }
}

/** The month of the line, never one before the newest file's; and the next number when that file is full. */
function partFor(newest: ScopeFiles['part'], line: Line): string {
  const month = line.at.slice(0, 7)
  if (newest === null) return month
  const [current = '', number = '1'] = newest.name.split('.')
  if (month > current) return month
  const isFull = newest.text.length + line.text.length + 1 > LONGEST_PART
  return isFull ? `${current}.${Number(number) + 1}` : newest.name
}

/** What a state says of its newest file of lines. */
export function named({ name, text }: { readonly name: string; readonly text: string }): Part {
  return { name, digest: textDigest(text) }
}

/**
 * Where a file of lines lies.
 *
 * @example partPath({ environment: 'production', model: 'churn' }, '2026-11.2') // => 'facts/production/churn/2026-11.2.jsonl'
 */
export function partPath(scope: FactScope, name: string): string {
  return `facts/${scope === 'budget' ? scope : scopeFolder(scope)}/${name}.jsonl`
}

/** Paths that a scope's reader needs beside the head: its index and state. */
export function pathsOf(scope: FactScope): readonly string[] {
  return scope === 'budget' ? [BUDGET] : [indexPath(scope.environment), statePath(scope)]
}
