import type { Finding } from '../gates/finding.ts'
import { listText } from '../gates/number-text.ts'
import type { Block } from './markdown-fit.ts'
import { codeSpan, escapeMarkdown, tableLines } from './markdown-text.ts'
import { type GateOutline, holds } from './outline.ts'
import {
  incumbentText,
  levelText,
  limitText,
  measuredText,
  namedReason,
  placeText,
  SIGN,
  statusText,
  turnTexts,
  waiverText,
} from './words.ts'

/** Everything that was measured, one row a rule; the gates in their order. */
export function rulesBlock(gates: readonly GateOutline[]): readonly Block[] {
  const rules = gates.flatMap((outline) => outline.rules)
  if (rules.length === 0) return []
  const header = ['rule', 'measured', 'interval', 'limit', 'incumbent', 'verdict']
  return [{ lines: tableLines(header, rules.map(ruleCells)), atLeast: 3 }]
}

function ruleCells(rule: Finding): readonly string[] {
  const cells = [
    rule.title,
    measuredText(rule.measured),
    levelText(rule),
    limitText(rule.limit),
    incumbentText(rule),
    `${SIGN[rule.status]} ${statusText(rule)}`,
  ]
  return cells.map((cell) => escapeMarkdown(cell, 'cell', 300))
}

/** For all that holds: why, how to mend it or what would flip it, and where the rule stands. */
export function mendBlock(holding: readonly Finding[]): readonly Block[] {
  if (holding.length === 0) return []
  return [{ lines: ['**How to mend it**', '', ...byReason(holding).map(mendLine)], atLeast: 3 }]
}

/** What holds for one and the same reason is told of together: an artifact that cannot be run holds every rule. */
function byReason(holding: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>()
  for (const found of holding) {
    const key = JSON.stringify([found.status, namedReason(found).rest, turnTexts(found)])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [found])
    else group.push(found)
  }
  return [...groups.values()]
}

function mendLine(alike: readonly [Finding, ...Finding[]]): string {
  const [first] = alike
  const said = [reasonText(first, alike), ...turnTexts(first).map((text) => escapeMarkdown(text))]
  const places = [...new Set(alike.map(placeText))].filter((place) => place !== '')
  return [`- ${SIGN[first.status]}`, ...said, places.map((place) => codeSpan(place)).join(', ')].join(' ').trimEnd()
}

/** @param alike  all that hold for its reason */
function reasonText(found: Finding, alike: readonly Finding[] = [found]): string {
  const { name, rest } = namedReason(found)
  const names = alike.length === 1 ? name : `${listText(alike.map(({ title }) => title))}:`
  return `**${escapeMarkdown(names)}** ${escapeMarkdown(rest)}`
}

/** One line a gate that was judged, one for all that were skipped. */
export function gatesBlock(gates: readonly GateOutline[]): readonly Block[] {
  const judged = gates.filter(({ gate }) => gate.status !== 'skipped')
  const skipped = gates.filter(({ gate }) => gate.status === 'skipped').map(({ gate }) => escapeMarkdown(gate.gate))
  const lines = judged.map(({ gate }) => {
    const why = holds(gate) ? '' : `: ${escapeMarkdown(gate.because, 'line', 500)}`
    const waived = escapeMarkdown(waiverText(gate), 'line', 600)
    return `- ${SIGN[gate.status]} **${escapeMarkdown(gate.gate)}** ${escapeMarkdown(statusText(gate))}${why}${waived === '' ? '' : ` ${waived}`}`
  })
  const rest = skipped.length === 0 ? [] : [`- ${SIGN.skipped} skipped: ${skipped.join(', ')}`]
  return lines.length + rest.length === 0 ? [] : [{ lines: ['**Gates**', '', ...lines, ...rest], atLeast: 3 }]
}

/** What was found and holds nothing. */
export function adviceBlock(gates: readonly GateOutline[]): readonly Block[] {
  const advice = gates.flatMap(({ gate, rules, notes }) =>
    [...rules, ...notes].filter(
      (found) => found !== gate && found.status === 'failed' && (found.advisory === true || gate.advisory === true),
    ),
  )
  if (advice.length === 0) return []
  const lines = advice.map((found) => `- ${reasonText(found)}`)
  return [{ lines: ['**Advice, which holds nothing**', '', ...lines], atLeast: 3 }]
}
