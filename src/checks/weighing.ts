import { allOf, type Finding, type Status } from '../gates/finding.ts'
import type { CheckDocument } from '../report/check-document.ts'
import { type GateOutline, outlineOf } from '../report/outline.ts'

/** One open pull request into a governed branch, as it was weighed. */
export interface Weighing {
  readonly document: CheckDocument
  readonly evidenceKey: string
  readonly pull: number
  readonly baseRef: string
  /** Gates that hold it and that its policy lets somebody waive. */
  readonly waivable?: readonly string[]
}

/** Gates of one promotion of one pull request, or those that belong to none. */
export interface Section {
  readonly weighing: Weighing
  readonly heading: string | null
  readonly gates: readonly GateOutline[]
}

/** By number, so that whoever writes the checks of a commit writes the same. */
export function inOrder(weighings: readonly Weighing[]): readonly Weighing[] {
  return weighings.toSorted((a, b) => a.pull - b.pull)
}

/** Everything that was judged, under headings where there is more than one pull request or promotion. */
export function sectionsOf(weighings: readonly Weighing[]): readonly Section[] {
  return weighings.flatMap((weighing) => {
    const outline = outlineOf(weighing.document)
    const own = weighings.length > 1 ? `#${weighing.pull} into ${weighing.baseRef}` : null
    return outline.map(({ heading, gates }) => {
      const parts = [own, heading].filter((part) => part !== null)
      return { weighing, heading: parts.length === 0 ? null : parts.join(': '), gates }
    })
  })
}

/** Only some gates of each section; sections without any are left out. */
export function onlyGates(sections: readonly Section[], isWanted: (gate: string) => boolean): readonly Section[] {
  return sections
    .map((section) => ({ ...section, gates: section.gates.filter(({ gate }) => isWanted(gate.gate)) }))
    .filter(({ gates }) => gates.length > 0)
}

/** The findings of one gate, one for each section that has it. */
export function findingsOf(sections: readonly Section[], gate: string): readonly Finding[] {
  return sections.flatMap(({ gates }) => gates.map((outline) => outline.gate)).filter((found) => found.gate === gate)
}

/** The verdict on a commit: all pull requests that share it must pass. */
export function jointStatus(weighings: readonly Weighing[]): Status {
  return allOf(
    weighings.map(({ document }) => document.verdict),
    'failed',
  )
}

/** The next moment at which time alone could change any of them; null when none can. */
export function jointValidUntil(weighings: readonly Weighing[]): string | null {
  const moments = weighings.flatMap(({ document }) => document.verdict.validUntil ?? [])
  return moments.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null
}

/** Whether anything of ours changes in any of them. */
export function isOurs(weighings: readonly Weighing[]): boolean {
  return weighings.some(({ document }) => document.changes.length + document.verdict.children.length > 0)
}
