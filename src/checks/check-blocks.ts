import type { Finding } from '../gates/finding.ts'
import { exhibitBlocks } from '../report/markdown-exhibit.ts'
import type { Block } from '../report/markdown-fit.ts'
import { adviceBlock, gatesBlock, mendBlock, rulesBlock } from '../report/markdown-gate.ts'
import { codeSpan, escapeMarkdown } from '../report/markdown-text.ts'
import { changeTexts, holdingOf } from '../report/outline.ts'
import { DECISION, SIGN } from '../report/words.ts'
import { type HeadPaths, isOnBase, placesOutside } from './check-annotations.ts'
import { jointStatus, jointValidUntil, type Section, type Weighing } from './weighing.ts'

/** Where files of a repository are shown, without a slash at the end: https://github.com/acme/models. */
export type RepositoryUrl = string | null

/** What tells a place in the diff from one on the governed branch. */
export interface Shown {
  readonly headPaths: HeadPaths
  readonly url: RepositoryUrl
  /** Whether each gate has a line of its own; needless where there is one gate. */
  readonly listsGates: boolean
}

/** `Not required here: nothing holds.`, when nothing requires our check. */
export function notRequiredText(isRequired: boolean | null): string {
  return isRequired === false ? 'Not required here: nothing holds. ' : ''
}

/** The decision in one line: what it is, why, and until when it holds. */
export function decisionText(weighings: readonly Weighing[], isRequired: boolean | null): string {
  const status = jointStatus(weighings)
  const [first, second] = weighings
  const because = first === undefined || second !== undefined ? severalText(weighings) : first.document.verdict.because
  const until = jointValidUntil(weighings)
  const said = `**${SIGN[status]} ${DECISION[status]}.** ${escapeMarkdown(because, 'line', 1500)}`
  return `${notRequiredText(isRequired)}${said}${until === null ? '' : ` It holds until ${until}.`}`
}

function severalText(weighings: readonly Weighing[]): string {
  const names = weighings.map(({ pull, baseRef }) => `pull request ${pull} into ${baseRef}`)
  return `This commit is the head of ${names.join(' and ')}; all of them must pass.`
}

/** One line for each pull request that shares the commit; nothing where there is one. */
export function twinsBlock(weighings: readonly Weighing[]): readonly Block[] {
  if (weighings.length < 2) return []
  const lines = weighings.map(({ document: { verdict }, pull, baseRef }) => {
    const into = `pull request ${pull} into ${baseRef}`
    const because = escapeMarkdown(verdict.because, 'line', 500)
    return `- ${SIGN[verdict.status]} ${escapeMarkdown(into)}: ${DECISION[verdict.status]}. ${because}`
  })
  const keys = new Set(weighings.map(({ evidenceKey }) => evidenceKey))
  const apart =
    keys.size > 1 ? ['', 'They are not weighed alike: approvals count once only one of them is left open.'] : []
  return [{ lines: [...lines, ...apart], atLeast: 1 }]
}

/** What a maintainer does about a pull request from a fork. */
export function takeOverText(pull: number): string {
  return `This comes from a fork, so it is never merged by us and starts nothing. A maintainer takes it over: \`gh pr checkout ${pull}\`, read it, push the branch to this repository (\`git push origin HEAD:take-over-${pull}\`) and open a pull request from there.`
}

/** What each pull request changes. */
export function changesBlock(weighings: readonly Weighing[]): readonly Block[] {
  const lines = weighings.flatMap(({ document }) => changeTexts(document)).map((text) => `- ${escapeMarkdown(text)}`)
  return lines.length === 0 ? [] : [{ lines: [...new Set(lines)], atLeast: 1 }]
}

/** For all that holds: why, and how to mend it. */
export function holdingBlock(sections: readonly Section[]): readonly Block[] {
  return sections.flatMap(({ heading, gates }) => {
    const block = mendBlock(gates.flatMap(holdingOf))
    return heading === null || block.length === 0 ? block : [{ lines: [`### ${escapeMarkdown(heading)}`] }, ...block]
  })
}

/**
 * The gates of some sections: rules, a line each, advice, where rules stand, drawings.
 *
 * @param isDetailed  gates whose rules and drawings are shown here; the others have a check of their own
 */
export function sectionBlocks(
  sections: readonly Section[],
  isDetailed: (gate: string) => boolean,
  on: Shown,
): readonly Block[] {
  const detailed = sections.map((section) => ({
    ...section,
    gates: section.gates.filter(({ gate }) => isDetailed(gate.gate)),
  }))
  const texts = sections.flatMap((section, index) => {
    const { heading, gates } = section
    const own = detailed[index]?.gates ?? []
    return [
      ...(heading === null ? [] : [{ lines: [`## ${escapeMarkdown(heading)}`] }]),
      ...rulesBlock(own),
      ...(on.listsGates ? gatesBlock(gates) : []),
      ...adviceBlock(own),
      ...placesBlock(placesOutside(gates, on.headPaths), section, on),
    ]
  })
  const drawn = detailed.flatMap(({ gates }) => gates.flatMap(({ exhibits }) => exhibits.flatMap(exhibitBlocks)))
  return [...texts, ...drawn]
}

/** Longer paths are no link: nothing of ours is that long. */
const LONGEST_LINK = 500

/** Rules outside the diff, as links to the very commit that they were read at. */
function placesBlock(findings: readonly Finding[], of: Section, on: Shown): readonly Block[] {
  if (findings.length === 0) return []
  return [{ lines: ['**Where it stands**', '', ...findings.map((found) => placeLine(found, of, on))], atLeast: 3 }]
}

function placeLine(found: Finding, { weighing: { document } }: Section, { headPaths, url }: Shown): string {
  const { gate, place = { path: '', line: 1, column: 1 } } = found
  const name = codeSpan(`${place.path}:${place.line}`)
  const isShipped = place.path.startsWith('weighbridge/')
  const isAtBase = isOnBase(found) || !headPaths.has(place.path)
  const at = isShipped || !isAtBase ? null : blobUrl(document, place.path, url)
  if (at === null || at.length > LONGEST_LINK) return `- ${escapeMarkdown(gate)} ${name}`
  return `- ${escapeMarkdown(gate)} [${name}](${at}#L${place.line})`
}

/** A file at the commit that it was read at: on base, or where the operator keeps its policies. */
function blobUrl({ sources, base }: Weighing['document'], place: string, url: RepositoryUrl): string | null {
  const [, repository, file] = /^([\w.-]+\/[\w.-]+):(policies\/.*)$/.exec(place) ?? []
  const sha =
    repository === undefined
      ? base
      : sources.findLast((one) => one.of === 'policy' && one.repository === repository)?.sha
  if (url === null || sha === null || sha === undefined) return null
  const home = repository === undefined ? url : url.replace(/[^/]+\/[^/]+$/, () => repository)
  return `${home}/blob/${sha}/${(file ?? place).split('/').map(inUrl).join('/')}`
}

/** A part of a path in a link of Markdown; a round bracket would end the link. */
function inUrl(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replace(/[()'!*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
}

/** Where what was weighed comes from, when not all from one repository. */
function sourcesText({ sources }: Weighing['document']): readonly string[] {
  if (new Set(sources.map(({ repository }) => repository)).size < 2) return []
  return [
    `Read: ${sources.map(({ of, repository, sha }) => `${of} from ${repository} at ${sha.slice(0, 12)}`).join(', ')}.`,
  ]
}

/** A checkout does not know what the operator of the app lays over its rules. */
function elsewhereText({ sources }: Weighing['document']): string {
  const [, central] = sources.filter(({ of }) => of === 'policy')
  return central === undefined
    ? ''
    : `, without the policy of ${escapeMarkdown(central.repository)}: only the app reads that`
}

/** What stands below every check: how to repeat it, and who weighed when. */
export function footerText(weighings: readonly Weighing[], reportUrl: string | null): string {
  const repeat = weighings.flatMap(({ document }) =>
    document.repeat === null ? [] : [`Repeat it: ${codeSpan(document.repeat)}${elsewhereText(document)}`],
  )
  const report = reportUrl === null ? [] : [`Full report: ${reportUrl}`]
  const judged = weighings.slice(0, 1).map(({ document }) => {
    const warnings = document.warnings.map(({ message }) => `Warning: ${message.replace(/\.$/, '')}.`)
    const judged = `Judged at ${document.now} by ${document.engine}.`
    return escapeMarkdown([...warnings, ...sourcesText(document), judged].join(' '))
  })
  return [...report, ...repeat, ...judged].join('\n\n')
}
