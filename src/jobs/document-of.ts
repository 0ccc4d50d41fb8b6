import { engineName } from '../adapters/evidence/engine-version.ts'
import type { CheckDocument } from '../report/check-document.ts'
import type { Weighed } from './weigh.ts'

/** A weighing as the document that all reports are made of. */
export function documentOf(of: {
  readonly weighed: Weighed
  readonly now: string
  /** What the repository of environments is called: `this checkout`, `acme/churn`. */
  readonly here: string
  readonly warnings: CheckDocument['warnings']
}): CheckDocument {
  const { pull, verdict, models, central, notAsked, changes } = of.weighed
  return {
    schema: 'weighbridge.check/v1',
    engine: engineName(),
    base: pull.base,
    head: pull.head,
    merge_base: pull.mergeBase,
    now: of.now,
    sources: [
      { of: 'environments', repository: of.here, sha: pull.head },
      { of: 'registry', repository: models?.name ?? of.here, sha: models?.snapshot.sha ?? pull.base },
      { of: 'policy', repository: of.here, sha: pull.base },
      ...(central?.snapshot
        ? [{ of: 'policy' as const, repository: central.repository, sha: central.snapshot.sha }]
        : []),
    ],
    not_asked: notAsked,
    changes,
    rows: rowsOf(verdict),
    warnings: of.warnings,
    verdict,
    repeat: repeatLine(pull, of.now),
  }
}

/** The line that repeats a weighing; WEIGHBRIDGE_COMMAND says what to call where npx must not fetch anything. */
function repeatLine({ base, head }: Weighed['pull'], now: string): string {
  const command = process.env.WEIGHBRIDGE_COMMAND ?? 'npx weighbridge'
  return `${command} check --base ${base.slice(0, 12)} --head ${head.slice(0, 12)} --now ${now}`
}

function rowsOf(verdict: CheckDocument['verdict']): number | null {
  const metrics = [verdict, ...verdict.children]
    .flatMap((child) => child.children)
    .find((child) => child.gate === 'metrics' && child.support !== null)
  return metrics?.support?.rows ?? null
}
