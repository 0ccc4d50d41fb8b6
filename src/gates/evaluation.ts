import { z } from 'zod'
import { durationSchema } from '../registry/model.ts'
import { allOf, type Finding, finding } from './finding.ts'
import type { Gate, GateSubject } from './gate.ts'
import { ledgerStateOf } from './ledger-findings.ts'
import { notJudged } from './unjudged.ts'

const NAME = 'evaluation'
const MS_OF = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

const rule = z.strictObject({
  max_looks: z.int().positive().optional().describe('How many versions may be judged on one exam.'),
  max_age: durationSchema.optional().describe('How old the exam may be, from evaluation.since in model.yml.'),
  adjust: z.enum(['none', 'bonferroni']).optional().describe('Whether confidence is corrected for max_looks.'),
  advisory: z.boolean().optional().describe('Judged and shown, holds nothing.'),
})
export type EvaluationRule = z.infer<typeof rule>

/** @returns milliseconds; 30d, 24h, 90s */
export function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * MS_OF[text.slice(-1) as keyof typeof MS_OF]
}

/** When the exam grows too old: milliseconds since 1970, null when model.yml does not say since when it is used. */
export function examExpiry(subject: GateSubject, maxAge: string): number | null {
  const since = subject.model.evaluation?.since
  const from = since === undefined ? Number.NaN : Date.parse(`${since}T00:00:00Z`)
  return Number.isNaN(from) ? null : from + durationMs(maxAge)
}

function ageFinding(subject: GateSubject, maxAge: string): Finding {
  const expiry = examExpiry(subject, maxAge)
  const now = Date.parse(subject.now)
  if (expiry === null || Number.isNaN(now)) {
    const mend = 'Add evaluation.since to model.yml, the day from which this exam is used.'
    return finding(NAME, 'max_age', 'inconclusive', `how old the exam is, is not known. ${mend}`, { flips: mend })
  }
  const until = new Date(expiry).toISOString()
  if (now < expiry) return finding(NAME, 'max_age', 'passed', `the exam may be used until ${until}`)
  const mend = 'Name a newer set under evaluation.data in model.yml.'
  return finding(NAME, 'max_age', 'failed', `the exam could be used until ${until}, ${maxAge} in all. ${mend}`, {
    flips: mend,
  })
}

/** Looks are counted in the ledger, which a checkout does not have. */
function unjudgedFinding(what: string): Finding {
  const mend = 'Mark evaluation advisory: true, or leave this out, until a version judges it.'
  return finding(
    NAME,
    what,
    'inconclusive',
    `${notJudged(`evaluation.${what}`)}: looks are counted in the ledger. ${mend}`,
    {
      flips: mend,
    },
  )
}

/** Whether a rule of this gate counts looks: then every weighing is one, and is told to the ledger. */
export function countsLooks(rule: unknown): boolean {
  return typeof rule === 'object' && rule !== null && 'max_looks' in rule && rule.max_looks !== undefined
}

/** How many versions this exam had judged when the candidate's turn came: who comes later takes no place away. */
function looksAt(versions: readonly string[], candidate: string): number {
  const place = versions.indexOf(candidate)
  return 1 + (place === -1 ? versions.length : place)
}

/** The candidate's place among the versions that this exam has judged. */
function looksFinding(subject: GateSubject, most: number): Finding {
  if (subject.github === null) return unjudgedFinding('max_looks')
  const state = ledgerStateOf(subject)
  const exam = subject.exam?.data.digest
  if (state === null || exam === undefined) {
    const because = exam === undefined ? 'there is no exam' : 'the ledger, which counts them, cannot be believed'
    return finding(NAME, 'max_looks', 'inconclusive', `how often the exam was looked at is not known: ${because}`)
  }
  const before = state.looked.find(({ evaluation }) => evaluation === exam)?.versions ?? []
  const looks = looksAt(before, subject.candidate.record.version)
  const shown = { measured: looks, limit: { max: most } }
  const said = `${looks} versions were judged on this exam; the policy allows ${most}.`
  if (looks <= most) return finding(NAME, 'max_looks', 'passed', said, shown)
  const flips = 'Name a set that nobody has looked at under evaluation.data in model.yml.'
  return finding(NAME, 'max_looks', 'failed', `${said} ${flips}`, { ...shown, flips })
}

function judged(subject: GateSubject, terms: EvaluationRule): Finding {
  const age = terms.max_age === undefined ? [] : [ageFinding(subject, terms.max_age)]
  const looks = terms.max_looks === undefined ? [] : [looksFinding(subject, terms.max_looks)]
  const adjust = terms.adjust === 'bonferroni' ? [unjudgedFinding('adjust')] : []
  const children = [...looks, ...adjust, ...age]
  const wrong = children.filter(({ status }) => status !== 'passed')
  const said = (wrong.length === 0 ? children : wrong).map((child) => child.because).join(' ')
  return finding(NAME, NAME, allOf(children), said === '' ? 'nothing is declared' : said, { children })
}

/** How often and how long one exam may be used; a policy states it under `evaluation`, beside its gates. */
export const evaluationGate: Gate<EvaluationRule> = {
  name: NAME,
  about: 'How many versions one exam may judge, and for how long. A set that is looked at too often flatters.',
  shape: 'options',
  always: false,
  measuring: true,
  needsGitHub: false,
  rule,
  idParts: () => [],
  plan: () => [],
  judge(subject, gate) {
    const [composed] = gate.rules
    if (composed === undefined) return finding(NAME, NAME, 'skipped', 'nothing is declared')
    return judged(subject, composed.rule)
  },
}
