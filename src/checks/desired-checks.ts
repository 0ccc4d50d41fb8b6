import { isJudged } from '../gates/finding.ts'
import { LONGEST } from '../report/markdown.ts'
import { fitted } from '../report/markdown-fit.ts'
import { escapeMarkdown } from '../report/markdown-text.ts'
import { plain } from '../report/plain-text.ts'
import { SIGN } from '../report/words.ts'
import { annotationsOf, type HeadPaths, promotionFindings } from './check-annotations.ts'
import {
  changesBlock,
  decisionText,
  footerText,
  holdingBlock,
  type RepositoryUrl,
  sectionBlocks,
  takeOverText,
  twinsBlock,
} from './check-blocks.ts'
import { conclusionOf, gateWord } from './check-conclusion.ts'
import { buttonsFor, gateCheckName, ROLL_UP } from './check-names.ts'
import { type DesiredCheck, jointKey, keyLine, titleText, withExternalId } from './desired-check.ts'
import { nothingOfOurs } from './state-checks.ts'
import { findingsOf, inOrder, isOurs, onlyGates, type Section, sectionsOf, type Weighing } from './weighing.ts'

export interface ChecksQuestion {
  /** Every open pull request into a governed branch with this head commit, in any order. */
  readonly weighings: readonly Weighing[]
  /** Name and version of the program. */
  readonly engine: string
  /** Paths of head in the diff, with the lines that it shows. */
  readonly headPaths: HeadPaths
  /** Whether anything requires our roll-up; null: cannot be told. */
  readonly isRequired: boolean | null
  readonly isFork: boolean
  /** Of the governed branch's configuration. */
  readonly mode: 'rolled-up' | 'every-gate'
  readonly reportUrl: string | null
  readonly repositoryUrl: RepositoryUrl
}

/** Gates that have a check of their own wherever they were judged. */
const REPORTED = ['metrics', 'fairness', 'drift']

/** What every check of one commit is made of. */
interface Asked extends ChecksQuestion {
  readonly sections: readonly Section[]
  readonly evidenceKey: string
  readonly isForeign: boolean
}

/**
 * The check runs that a commit should bear: the roll-up, and a report for each gate that has one.
 *
 * A check belongs to a commit: several pull requests that share one share its verdict, and all of them must pass.
 */
export function desiredChecks(question: ChecksQuestion): readonly DesiredCheck[] {
  const weighings = inOrder(question.weighings)
  const { isFork, engine } = question
  if (!isOurs(weighings)) return [nothingOfOurs({ ...originOf({ ...question, weighings }), engine })]
  const sections = sectionsOf(weighings)
  const evidenceKey = jointKey(weighings.map((one) => one.evidenceKey))
  const asked: Asked = { ...question, weighings, sections, evidenceKey, isForeign: isFork }
  const own = ownGates(asked)
  return [rollUp(asked, own), ...own.map((gate) => gateCheck(asked, gate))]
}

function originOf({ weighings, engine }: Pick<ChecksQuestion, 'weighings' | 'engine'>) {
  const bases = [...new Set(weighings.map(({ baseRef }) => baseRef))]
  return { engine, baseRef: bases.join('+'), pulls: weighings.map(({ pull }) => pull) }
}

/** Gates with a check of their own: the reports that were judged or, where the configuration asks for it, every gate. */
function ownGates({ sections, mode }: Asked): readonly string[] {
  const names = [...new Set(sections.flatMap(({ gates }) => gates.map(({ gate }) => gate.gate)))]
  if (mode === 'every-gate') return names.toSorted()
  return REPORTED.filter((name) => findingsOf(sections, name).some(isJudged))
}

function moments({ weighings }: Asked): readonly string[] {
  return weighings.map(({ document }) => document.now)
}

/** Text with the evidence key as its last line, whatever else does not fit. */
function withKey(text: (longest: number) => string, evidenceKey: string): string {
  const last = keyLine(evidenceKey)
  return `${text(LONGEST - last.length - 2)}\n\n${last}`
}

function rollUp(asked: Asked, own: readonly string[]): DesiredCheck {
  const { weighings, sections, headPaths, repositoryUrl, reportUrl, isForeign, isRequired } = asked
  const isDetailed = (gate: string) => !own.includes(gate)
  const takeOver = weighings.slice(0, isForeign ? 1 : 0).map(({ pull }) => ({ lines: [takeOverText(pull)] }))
  const summary = [
    { lines: [decisionText(weighings, isRequired)] },
    ...takeOver,
    ...twinsBlock(weighings),
    ...changesBlock(weighings),
    ...holdingBlock(sections),
  ]
  const blocks = sectionBlocks(sections, isDetailed, { headPaths, url: repositoryUrl, listsGates: true })
  const gates = onlyGates(sections, isDetailed).flatMap((section) => section.gates)
  const verdicts = weighings.map(({ document }) => document.verdict)
  return withExternalId(
    {
      name: ROLL_UP,
      status: 'completed',
      conclusion: conclusionOf(verdicts, isForeign),
      title: titleText(plain(rollUpTitle(asked), 400)),
      summary: fitted(summary, '', LONGEST),
      text: withKey((longest) => fitted(blocks, footerText(weighings, reportUrl), longest), asked.evidenceKey),
      annotations: annotationsOf(
        gates,
        headPaths,
        asked.weighings.flatMap(({ document }) => promotionFindings(document)),
      ),
      buttons: buttonsFor(waivableOf(asked).length > 0),
      detailsUrl: reportUrl,
    },
    originOf(asked),
    moments(asked),
  )
}

function waivableOf({ weighings }: Asked): readonly string[] {
  return weighings.flatMap(({ waivable = [] }) => waivable)
}

function rollUpTitle({ weighings, isForeign }: Asked): string {
  const [first, second] = weighings
  const title =
    first === undefined || second !== undefined
      ? `${weighings.length} pull requests of this commit`
      : first.document.verdict.title
  return isForeign ? `${title}; from a fork, a maintainer must take it over` : title
}

function gateCheck(asked: Asked, gate: string): DesiredCheck {
  const { headPaths, repositoryUrl, reportUrl, isForeign, weighings } = asked
  const sections = onlyGates(asked.sections, (name) => name === gate)
  const found = findingsOf(sections, gate)
  const lead = sections.map(({ heading, gates }) => {
    const said = gates.map((one) => `${SIGN[one.gate.status]} ${escapeMarkdown(one.gate.because, 'line', 1500)}`)
    return `${heading === null ? '' : `**${escapeMarkdown(heading)}** `}${said.join(' ')}`
  })
  const takeOver = weighings.slice(0, isForeign ? 1 : 0).map(({ pull }) => ({ lines: [takeOverText(pull)] }))
  const blocks = sectionBlocks(sections, () => true, { headPaths, url: repositoryUrl, listsGates: false })
  return withExternalId(
    {
      name: gateCheckName(gate),
      status: 'completed',
      conclusion: conclusionOf(found, isForeign),
      title: titleText(plain(`${gate}: ${gateWord(found)}`, 400)),
      summary: fitted([{ lines: lead }, ...takeOver, ...holdingBlock(sections)], '', LONGEST),
      text: withKey((longest) => fitted(blocks, footerText(weighings, reportUrl), longest), asked.evidenceKey),
      annotations: annotationsOf(
        sections.flatMap((section) => section.gates),
        headPaths,
      ),
      buttons: buttonsFor(waivableOf(asked).includes(gate)),
      detailsUrl: reportUrl,
    },
    originOf(asked),
    moments(asked),
  )
}
