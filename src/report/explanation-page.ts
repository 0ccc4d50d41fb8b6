import type { Finding, Verdict } from '../gates/finding.ts'
import type { Flip } from '../policy/flip.ts'
import type { Supposed } from '../policy/what-if.ts'
import type { Cell, Page, PagePart, TablePart, Tone } from './page/page.ts'
import { DECISION, incumbentText, levelText, limitText, measuredText, statusText, turnTexts } from './words.ts'

/** A verdict with its whole reasoning. */
export interface Explanation {
  readonly verdict: Verdict
  /** Only this gate; null: all of them. */
  readonly gate: string | null
  readonly flips: readonly Flip[]
  /** Gates that somebody may waive, and who. */
  readonly waivable: readonly { readonly gate: string; readonly by: string }[]
  readonly promotions: readonly {
    /** `churn in production` */
    readonly title: string
    readonly whatIfs: readonly {
      readonly title: string
      readonly supposed: Supposed | null
      readonly because?: string
    }[]
  }[]
}

const TONES: Readonly<Record<Supposed['status'], Tone>> = {
  passed: 'good',
  failed: 'bad',
  inconclusive: 'doubt',
  open: 'doubt',
  skipped: 'quiet',
}

/**
 * Why a verdict is what it is: the decision, what would turn it, what if, and every finding below it.
 *
 * @returns a page; nothing on it is escaped yet
 */
export function explanationPage(explained: Explanation): Page {
  const { verdict, gate } = explained
  const until = verdict.validUntil
  return {
    title: gate === null ? 'Why' : `Why: ${gate}`,
    lead: `${DECISION[verdict.status]}: ${verdict.title}. ${verdict.because}`,
    facts: until === null ? [] : [{ name: 'may change by itself at', value: until }],
    parts: [...flipPart(explained), ...explained.promotions.map(whatIfPart(gate)), treePart(explained)],
    warnings: [],
  }
}

/** Findings of one gate, wherever they stand. */
export function ofGate(root: Finding, gate: string): readonly Finding[] {
  return root.gate === gate ? [root] : root.children.flatMap((child) => ofGate(child, gate))
}

function flipPart({ verdict, gate, flips, waivable }: Explanation): readonly PagePart[] {
  const shown = gate === null ? flips : flips.filter(({ gates }) => gates.includes(gate))
  if (shown.length === 0) {
    const lines = [verdict.status === 'passed' ? 'Nothing holds it.' : 'Nothing of this gate holds it.']
    return [{ kind: 'text', title: 'The smallest change that flips it', lines }]
  }
  const rows = shown.map(({ gates, findings }): readonly Cell[] => {
    const [first] = findings
    const ways = first === undefined ? [] : waysOf(first, waivable)
    return [gates.join(', '), first?.title ?? '', first?.because ?? '', ways.join(' Or: ')]
  })
  const all = shown.length === 1 ? 'This alone holds it.' : `These ${shown.length} have to change, and nothing else.`
  const others = flips.length - shown.length
  const more = others === 0 ? '' : ` Other gates hold it for ${others} more ${others === 1 ? 'reason' : 'reasons'}.`
  const columns = ['gate', 'finding', 'holds because', 'passes with'].map((name) => ({ name }))
  return [{ kind: 'table', title: 'The smallest change that flips it', about: `${all}${more}`, columns, rows }]
}

function waysOf(found: Finding, waivable: Explanation['waivable']): readonly string[] {
  const waiver = waivable.find(({ gate }) => gate === found.gate)
  const ways = [
    ...turnTexts({ ...found, because: '' }).map((text) => text.replace(/^To pass: /, '')),
    ...(found.review === undefined ? [] : [`a review of exactly this evidence by role ${found.review.role}.`]),
    ...(waiver === undefined ? [] : [`/waive ${found.gate} until=... reason="...", by role ${waiver.by}.`]),
  ]
  return ways.length === 0 ? ['what it says is mended.'] : ways
}

const whatIfPart = (gate: string | null) => {
  return ({ title, whatIfs }: Explanation['promotions'][number]): TablePart => ({
    kind: 'table',
    title: `What if: ${title}`,
    about:
      'Judged again by what was measured of these versions; what would have to be measured anew is named and never guessed.',
    columns: ['judged', 'verdict', 'because'].map((name) => ({ name })),
    rows: whatIfs.map(({ title: what, supposed, because = '' }) =>
      supposed === null
        ? [what, { text: 'not computed', tone: 'doubt' }, because]
        : [what, { text: statusWord(supposed.status), tone: TONES[supposed.status] }, supposedText(supposed, gate)],
    ),
  })
}

function statusWord(status: Supposed['status']): string {
  return status === 'open' ? 'not computed' : DECISION[status].toLowerCase()
}

const MOST_REASONS = 4

function supposedText({ findings, notComputed }: Supposed, gate: string | null): string {
  const binding = findings.filter(({ advisory, status }) => advisory !== true && status !== 'skipped')
  const own = gate === null ? [] : binding.filter((one) => one.gate === gate)
  const held = binding.filter(({ status }) => status !== 'passed').map(({ gate: name, status }) => `${name} ${status}`)
  const passed = binding.filter(({ status }) => status === 'passed').length
  const parts = [
    ...own.filter(({ status }) => status === 'passed').map(() => `${gate} passed`),
    ...(held.length === 0 ? [`${passed} gates passed`] : [`${passed} passed, ${listed(held)}`]),
    ...(notComputed.length === 0 ? [] : [`not computed: ${listed(notComputed)}`]),
  ]
  return parts.join('; ')
}

function listed(names: readonly string[]): string {
  const more = names.length > MOST_REASONS ? ` and ${names.length - MOST_REASONS} more` : ''
  return `${names.slice(0, MOST_REASONS).join(', ')}${more}`
}

function treePart({ verdict, gate }: Explanation): TablePart {
  const roots = gate === null ? verdict.children : ofGate(verdict, gate)
  const columns = ['finding', 'verdict', 'measured', 'interval', 'limit', 'incumbent', 'from', 'because']
  return {
    kind: 'table',
    title: 'The whole reasoning',
    columns: columns.map((name) => ({ name })),
    rows: roots.flatMap((root) => treeRows(root, 0)),
  }
}

/** Levels below which nothing is shown apart: no gate makes as many. */
const DEEPEST = 8

function treeRows(found: Finding, depth: number): readonly (readonly Cell[])[] {
  const { gate, title, status, measured, limit, because, provenance } = found
  const name = title.startsWith(gate) ? title : `${gate}: ${title}`
  const own: readonly Cell[] = [
    `${'› '.repeat(depth)}${depth === 0 ? name : title}`,
    { text: statusText(found), tone: TONES[status] },
    measured === null ? '' : measuredText(measured),
    levelText(found),
    limitText(limit),
    incumbentText(found),
    provenance ?? '',
    because,
  ]
  return depth === DEEPEST ? [own] : [own, ...found.children.flatMap((child) => treeRows(child, depth + 1))]
}
