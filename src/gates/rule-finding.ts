import { allOf, type Finding, finding } from './finding.ts'
import type { ComposedGate, ComposedRule, GateSubject } from './gate.ts'
import { listText } from './number-text.ts'
import { type Part, sentence } from './part.ts'

type Shown = Partial<
  Pick<
    Finding,
    | 'measured'
    | 'limit'
    | 'interval'
    | 'confidence'
    | 'method'
    | 'support'
    | 'provenance'
    | 'incumbent'
    | 'exhibits'
    | 'children'
  >
>

/** What a rule of a list asks for, in few words: `recall where age < 25`, `disparate_impact across sex, incumbent`. */
function ruleName(rule: unknown): string | null {
  const { metric, unit, where, across, against } = rule as Readonly<Record<string, unknown>>
  const measured = metric ?? unit
  if (typeof measured !== 'string') return null
  const slice = where === undefined ? '' : ` where ${where}`
  const columns = across === undefined ? '' : ` across ${listText([across].flat().map(String))}`
  return `${measured}${slice}${columns}${against === undefined ? '' : ' against the incumbent'}`
}

/** One rule's finding. A reviewer may take it only where an interval straddles a limit, and nothing else is wrong. */
export function ruleFinding(gate: string, composed: ComposedRule, part: Part, shown: Shown = {}): Finding {
  const { status, title, because, straddles, flips, decides, reason } = part
  const place = composed.places[0]
  const open = status === 'failed' || status === 'inconclusive'
  const name = ruleName(composed.rule)
  const said = name === null || part.saysAll === true ? because : `${sentence(title)} ${because}`
  return finding(gate, name ?? title, status, said, {
    ...shown,
    rule: composed.id,
    ...(place && { place }),
    ...(composed.advisory && { advisory: true as const }),
    ...(open && flips !== undefined && { flips }),
    ...(open && decides && { decides }),
    ...(reason !== undefined && { reason }),
    ...(straddles === true &&
      status === 'inconclusive' &&
      composed.review !== null && {
        review: { role: composed.review },
      }),
  })
}

/**
 * A gate over its children: all-of. Where every judged child is advisory the gate shows what they say and is advisory
 * itself, so that it neither holds nor counts as passed.
 */
export function gateFinding(gate: ComposedGate, children: readonly Finding[], more: Partial<Finding> = {}): Finding {
  return gathered(gate.gate, children, { ...(gate.place && { place: gate.place }), ...more })
}

/** A gate's finding after some of its children have changed: decided anew, with all else that it shows. */
export function regathered({ advisory: _, ...found }: Finding, children: readonly Finding[]): Finding {
  const before = gathered(found.gate, found.children, {}).because
  const note = found.because.startsWith(before) ? found.because.slice(before.length) : ''
  const { title, status, because, advisory } = gathered(found.gate, children, {})
  return { ...found, title, status, because: `${because}${note}`, ...(advisory && { advisory }), children }
}

function gathered(gate: string, children: readonly Finding[], more: Partial<Finding>): Finding {
  const judged = children.filter((child) => child.status !== 'skipped')
  const advisory = judged.length > 0 && judged.every((child) => child.advisory === true)
  const counting = advisory ? judged.map(({ advisory: _, ...child }) => child) : children
  const status = allOf(counting)
  return finding(gate, summary(gate, children), status, reasons(children, status), {
    ...more,
    ...(advisory && { advisory: true as const }),
    children,
  })
}

/** Up to the first full stop that ends a sentence. */
export function firstSentence(text: string): string {
  return /^.*?(?=\.(\s|$))/s.exec(text)?.[0] ?? text
}

const ORDER = ['failed', 'inconclusive', 'passed', 'skipped'] as const

function summary(name: string, children: readonly Finding[]): string {
  const holding = children.filter((child) => child.advisory !== true)
  const counts = ORDER.flatMap((status) => {
    const count = holding.filter((child) => child.status === status).length
    return count === 0 ? [] : [`${count} ${status}`]
  })
  const advisory = children.length - holding.length
  const all = advisory > 0 ? [...counts, `${advisory} advisory`] : counts
  return `${name}: ${all.length > 0 ? all.join(', ') : 'nothing to judge'}`
}

function reasons(children: readonly Finding[], status: Finding['status']): string {
  const deciding = children.filter((child) => child.status === status)
  const counting = deciding.filter((child) => child.advisory !== true)
  const shown = counting.length > 0 ? counting : deciding
  if (shown.length === 0) return 'No rule applies.'
  if (status === 'passed') return 'Every rule is kept.'
  const first = shown
    .slice(0, 3)
    .map((child) =>
      child.measured === null && child.limit === null
        ? `${child.title}: ${firstSentence(child.because)}`
        : firstSentence(child.because),
    )
  return `${listText(first)}${shown.length > 3 ? ` (and ${shown.length - 3} more)` : ''}.`
}

/**
 * The one finding of a gate for which nothing is declared: skipped, or inconclusive where the policy requires it and
 * model.yml does not state that it does not apply.
 */
export function nothingDeclared(subject: GateSubject, gate: ComposedGate, because: string, mend: string): Finding {
  const stated = subject.model.not_applicable?.find((entry) => entry.gate === gate.gate)
  const place = gate.place && { place: gate.place }
  if (stated) {
    return finding(gate.gate, `${gate.gate}: not applicable`, 'skipped', `model.yml says: ${stated.reason}`, {
      ...place,
    })
  }
  if (!gate.required) return finding(gate.gate, `${gate.gate}: nothing declared`, 'skipped', because, { ...place })
  return finding(gate.gate, `${gate.gate}: required, and nothing is declared`, 'inconclusive', because, {
    ...place,
    flips: `${mend} Or state not_applicable: {gate: ${gate.gate}, reason: ...} in model.yml.`,
    reason: `${gate.gate}:required`,
  })
}

/** The part of every rule whose evidence is missing or unreachable. */
export function evidenceAbsent(
  name: string,
  evidence: { readonly kind: string; readonly status: string; readonly because: string; readonly mend: string },
): Part {
  return {
    status: 'inconclusive',
    title: `${name}: the evidence is ${evidence.status}`,
    because: `${sentence(evidence.because)} ${evidence.mend}`.trim(),
    saysAll: true,
    straddles: false,
    flips: evidence.mend,
    reason: `${evidence.kind}:${evidence.status}`,
  }
}
