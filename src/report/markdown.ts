import type { Exhibit, Finding } from '../gates/finding.ts'
import { numberText } from '../gates/number-text.ts'
import type { CheckDocument } from './check-document.ts'
import { codeSpan, escapeMarkdown, table } from './markdown-text.ts'
import { columnsPlot, groupName, groupsPlot } from './text-plot.ts'
import {
  DECISION,
  intervalText,
  leavesOf,
  limitText,
  placeText,
  SIGN,
  sectionsOf,
  statusText,
  worstFirst,
} from './words.ts'

/** GitHub's limit for a check run's summary and text, in characters. */
export const LONGEST = 65_535

/** A check as GitHub shows it: the decision, rules, mends, groups and columns, how to repeat it. Never over the limit. */
export function renderMarkdown(check: CheckDocument, longest = LONGEST): string {
  const { verdict } = check
  const blocks = [
    `**${DECISION[verdict.status]}.** ${escapeMarkdown(verdict.because)}`,
    ...changesBlock(check),
    ...sectionsOf(verdict).flatMap((section) => [
      ...(section.heading === null ? [] : [`## ${escapeMarkdown(section.heading)}`]),
      ...worstFirst(section.gates).flatMap((gate) => gateBlocks(gate)),
    ]),
  ]
  return withinLimit(blocks, footer(check), longest)
}

function changesBlock(check: CheckDocument): readonly string[] {
  if (check.changes.length === 0) return []
  const lines = check.changes.slice(0, 50).map((change) => {
    const parts = [change.model, change.environment === undefined ? undefined : `in ${change.environment}`].filter(
      (part) => part !== undefined,
    )
    const move = change.to === undefined ? (change.version ?? '') : `${change.from ?? 'none'} → ${change.to ?? 'none'}`
    return `- ${change.kind}: ${escapeMarkdown([...parts, move].join(' '))} (${codeSpan(change.path)})`
  })
  return [lines.join('\n')]
}

function gateBlocks(gate: Finding): readonly string[] {
  const head = `### ${SIGN[gate.status]} ${escapeMarkdown(gate.gate)}: ${statusText(gate)}`
  const leaves = worstFirst(leavesOf(gate).filter((leaf) => leaf !== gate))
  if (leaves.length === 0) return [`${head}\n${escapeMarkdown(gate.because)}`, ...exhibits(gate)]
  const measured = leaves.filter((leaf) => leaf.measured !== null || leaf.limit !== null)
  const others = leaves.filter((leaf) => leaf.measured === null && leaf.limit === null)
  return [
    head,
    ...(measured.length === 0 ? [] : [rulesTable(measured)]),
    ...(others.length === 0 ? [] : [others.map(line).join('\n')]),
    ...mends(leaves),
    ...exhibits(gate),
  ]
}

function rulesTable(leaves: readonly Finding[]): string {
  return table(
    ['rule', 'measured', 'interval', 'limit', 'incumbent', 'verdict'],
    leaves.map((leaf) => [
      escapeMarkdown(leaf.title),
      leaf.measured === null ? 'none' : numberText(leaf.measured),
      leaf.interval === null
        ? ''
        : `${intervalText(leaf.interval)}${leaf.confidence === undefined ? '' : ` (${Math.round(leaf.confidence * 100)} %)`}`,
      escapeMarkdown(limitText(leaf.limit)),
      leaf.incumbent === undefined
        ? ''
        : `${leaf.incumbent.measured === null ? 'none' : numberText(leaf.incumbent.measured)}`,
      `${SIGN[leaf.status]} ${escapeMarkdown(statusText(leaf))}`,
    ]),
  )
}

function line(leaf: Finding): string {
  const place = placeText(leaf)
  return `- ${SIGN[leaf.status]} **${escapeMarkdown(leaf.title)}** ${escapeMarkdown(leaf.because)}${place === '' ? '' : ` (${codeSpan(place)})`}`
}

/** For all that holds: why, how to mend it, what would flip or decide it, and where the rule stands. */
function mends(leaves: readonly Finding[]): readonly string[] {
  const holding = leaves.filter(
    (leaf) =>
      (leaf.status === 'failed' || leaf.status === 'inconclusive') && (leaf.measured !== null || leaf.limit !== null),
  )
  return holding.length === 0
    ? []
    : [
        holding
          .map((leaf) => {
            const more = [leaf.flips, leaf.decides?.because].filter((text) => text !== undefined && text !== '')
            const place = placeText(leaf)
            return `- ${escapeMarkdown([leaf.because, ...more].join(' '))}${place === '' ? '' : ` Rule: ${codeSpan(place)}.`}`
          })
          .join('\n'),
      ]
}

function exhibits(gate: Finding): readonly string[] {
  const all = [
    ...(gate.exhibits ?? []),
    ...leavesOf(gate).flatMap((leaf) => (leaf === gate ? [] : (leaf.exhibits ?? []))),
  ]
  return all.flatMap((exhibit) => exhibitBlock(exhibit))
}

function exhibitBlock(exhibit: Exhibit): readonly string[] {
  switch (exhibit.kind) {
    case 'groups':
      return [
        details(`${exhibit.rate} by ${exhibit.across.join(' and ')}`, [
          table(
            ['group', 'rows', exhibit.rate, 'interval', 'incumbent'].map((cell) => escapeMarkdown(cell)),
            exhibit.groups.map((group) => [
              escapeMarkdown(groupName(group.group)),
              group.rows === null ? 'few' : String(group.rows),
              group.value === null ? '' : numberText(group.value),
              intervalText(group.interval),
              group.incumbent === undefined || group.incumbent === null ? '' : numberText(group.incumbent),
            ]),
          ),
          fence(groupsPlot(exhibit.groups)),
        ]),
      ]
    case 'columns':
      return [
        details(`Drift by column (from ${numberText(exhibit.threshold)} on it counts)`, [
          fence(columnsPlot(exhibit.columns)),
        ]),
      ]
    case 'table':
      return [
        details(exhibit.title, [
          table(
            exhibit.header.map((cell) => escapeMarkdown(cell)),
            exhibit.rows.map((row) => row.map((cell) => escapeMarkdown(cell))),
          ),
        ]),
      ]
    default:
      return []
  }
}

function details(summary: string, blocks: readonly string[]): string {
  return `<details><summary>${escapeMarkdown(summary)}</summary>\n\n${blocks.join('\n\n')}\n\n</details>`
}

/** A code block whose fence no content can close. */
function fence(lines: readonly string[]): string {
  const text = lines.join('\n').replace(/[\p{Cf}]/gu, '')
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length))
  const mark = '`'.repeat(longest + 1)
  return `${mark}text\n${text}\n${mark}`
}

function footer(check: CheckDocument): string {
  const asked =
    check.not_asked.length === 0
      ? ''
      : `Not asked here: ${check.not_asked.map((gate) => escapeMarkdown(gate)).join(', ')}.`
  const until = check.verdict.validUntil === null ? '' : `Valid until ${check.verdict.validUntil}.`
  const repeat = check.repeat === null ? '' : `Repeat: ${codeSpan(check.repeat)}`
  return [asked, until, repeat, `Weighed by ${check.engine}.`].filter((part) => part !== '').join(' ')
}

/** Blocks in order until the limit; what is left out is said, and the footer always stands. */
function withinLimit(blocks: readonly string[], foot: string, longest: number): string {
  const room = longest - foot.length - 120
  const kept: string[] = []
  let used = 0
  for (const block of blocks) {
    if (used + block.length + 2 > room) break
    kept.push(block)
    used += block.length + 2
  }
  const left = blocks.length - kept.length
  return [...kept, ...(left === 0 ? [] : [`${left} more parts do not fit here; the report page has them.`]), foot].join(
    '\n\n',
  )
}
