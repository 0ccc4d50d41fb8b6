import type { OutputFacts } from './evidence.ts'
import { type Finding, finding } from './finding.ts'
import { countText, percentText } from './number-text.ts'

/** Share of rows without a label above which a gate cannot be decided. */
const MOST_LABELS_MISSING = 0.05

/**
 * What is wrong with the answers themselves, before any metric: non-finite or constant scores, a label output that
 * disagrees with its own probabilities, an exam with too few labels. These hold whatever the rules say.
 */
export function outputFindings(gate: string, outputs: OutputFacts): readonly Finding[] {
  return [...problemFindings(gate, outputs), ...scoreFindings(gate, outputs), ...labelFindings(gate, outputs)]
}

/** One finding for each thing that is wrong with a version's answers. */
export function problemFindings(gate: string, outputs: OutputFacts): readonly Finding[] {
  return outputs.problems.map(({ code, status, what, mend, rows }) => {
    const on = rows === null ? '' : ` (${countText(rows, 'rows')})`
    const advisory = status === 'advisory'
    return finding(gate, `outputs of ${outputs.version}`, advisory ? 'failed' : status, `${what}${on}. ${mend}`, {
      reason: `outputs:${code}`,
      provenance: outputs.provenance,
      ...(mend !== '' && { flips: mend }),
      ...(advisory && { advisory: true as const }),
    })
  })
}

/** A row without a score is a failure, also where nobody called it a problem. */
function scoreFindings(gate: string, { version, dropped, problems, provenance }: OutputFacts): readonly Finding[] {
  if (dropped.score_null === 0 || problems.some(({ status }) => status === 'failed')) return []
  const title = `outputs of ${version}: ${countText(dropped.score_null, 'rows')} without a score`
  const because = 'Every row of the exam needs a finite score.'
  return [finding(gate, title, 'failed', because, { reason: 'outputs:score-null', provenance })]
}

function labelFindings(gate: string, { rows, dropped }: OutputFacts): readonly Finding[] {
  if (rows === 0) return [labelFinding(gate, 'the exam is empty', 'There are no rows to judge.', 'an exam with rows')]
  const share = dropped.label_null / rows
  if (share <= MOST_LABELS_MISSING) return []
  const because = `Rows without a label count for nothing; over ${percentText(MOST_LABELS_MISSING)} of them and nothing is decided.`
  return [
    labelFinding(gate, `${percentText(share)} of the labels are missing`, because, 'an exam whose rows have labels'),
  ]
}

function labelFinding(gate: string, title: string, because: string, flips: string): Finding {
  return finding(gate, title, 'inconclusive', because, { reason: 'labels', flips })
}
