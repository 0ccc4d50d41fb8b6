import type { Status } from '../gates/finding.ts'
import type { IndexEntry } from '../report/html-index.ts'
import { PAGE_STYLE } from '../report/html-style.ts'
import { escapeHtml, pageOf } from '../report/html-text.ts'
import { SIGN } from '../report/words.ts'
import { accountOf, issueOf, pullOf } from '../world/github/state/find.ts'
import type { PullHandle, ShownCheck } from '../world/pull-handle.ts'
import type { RepositoryHandle } from '../world/repository-handle.ts'
import type { World } from '../world/world.ts'
import { deploymentsAt, ledgerOf } from './landed.ts'
import { markdownHtml } from './markdown-html.ts'

/** Where a pull request is. */
export interface PullPlace {
  readonly world: World
  readonly repository: RepositoryHandle
}

const STYLE = `${PAGE_STYLE}
pre{font:13px/1.45 ui-monospace,monospace;white-space:pre;overflow-x:auto;margin:.6rem 0}
summary>br+span{color:var(--faint)}summary h3{font-weight:600}
.gate{font-size:.95rem}.gate table{width:auto}.gate li.deep{margin-left:1.2rem}.gate details{margin:.4rem 0}
.state{border:1px solid var(--line);border-radius:1rem;padding:.05rem .7rem;font-size:.85rem}
.who{color:var(--faint);margin:.2rem 0 0}
`
const TONES: Readonly<Record<string, Status>> = {
  success: 'passed',
  failure: 'failed',
  action_required: 'inconclusive',
  timed_out: 'failed',
}

/** Pull requests as the index lists them. */
export function indexEntries({ world, repository }: PullPlace): readonly IndexEntry[] {
  return repository.pulls.map((pull) => {
    const { title, body } = issueOf(world.github.state, repository.id, pull.number)
    const check = rollUp(pull)
    const href = `/${repository.fullName}/pull/${pull.number}`
    const meanwhile = check?.status === 'completed' ? null : 'Weighing'
    return { title, told: body ?? '', status: toneOf(check), meanwhile, href, report: check?.detailsUrl ?? null }
  })
}

/** A pull request as people see it on GitHub: who wants what, the checks with their texts, what was said, what landed. */
export async function pullPage({ world, repository }: PullPlace, pull: PullHandle): Promise<string> {
  const { state } = world.github
  const { title, body, author } = issueOf(state, repository.id, pull.number)
  const { base, head } = pullOf(state, repository.id, pull.number)
  const name = `${repository.fullName} #${pull.number}`
  const wants = `${accountOf(state, author).login} wants to merge ${head.ref} into ${base.ref}`
  const parts = [
    `<header class="${toneOf(rollUp(pull))}"><p class="kicker"><a href="/">all</a> · ${escapeHtml(name)}</p><h1>${escapeHtml(title)}</h1>`,
    `<p class="decision"><span class="state">${pull.state}</span> ${escapeHtml(body ?? '')}</p><p class="who">${escapeHtml(wants)}</p></header>`,
    ...pull.checks.map(checkHtml),
    ...pull.comments.map(
      ({ author: by, body: said }) => `<h2>${escapeHtml(by)}</h2><div class="gate">${markdownHtml(said)}</div>`,
    ),
    ...(await landedHtml({ world, repository }, pull)),
  ]
  return pageOf(name, STYLE, parts.join('\n'))
}

function checkHtml(check: ShownCheck): string {
  const { name, title, summary, text, detailsUrl, status, conclusion } = check
  const tone = toneOf(check)
  const said = [summary, text].filter((one) => one !== '').join('\n\n')
  const details = detailsUrl === null ? '' : `<p><a href="${escapeHtml(detailsUrl)}">The whole report</a></p>`
  return `<details class="gate ${tone}"${tone === 'passed' ? '' : ' open'}><summary><h3><span class="sign">${SIGN[tone]}</span> ${escapeHtml(name)}</h3> <span class="status">${escapeHtml(conclusion ?? status)}</span><br><span>${escapeHtml(title)}</span></summary>
${details}${markdownHtml(said)}</details>`
}

async function landedHtml({ world, repository }: PullPlace, pull: PullHandle): Promise<readonly string[]> {
  const ledger = await ledgerOf(repository, pull.number)
  if (pull.mergeCommit === null) return []
  const deployments = deploymentsAt(world, pull.mergeCommit).map(
    ({ environment, state }) => `<li>deployment to ${escapeHtml(environment)}: ${escapeHtml(state)}</li>`,
  )
  const lines = ledger.map(
    ({ seq, kind, scope, says }) =>
      `<li>ledger line ${seq}, ${escapeHtml(kind)} ${escapeHtml(scope)}: ${escapeHtml(says)}</li>`,
  )
  return [`<h2>Landed as <code>${pull.mergeCommit}</code></h2><ul>${[...deployments, ...lines].join('')}</ul>`]
}

function rollUp(pull: PullHandle): ShownCheck | undefined {
  return pull.check('weighbridge')
}

function toneOf(check: Pick<ShownCheck, 'status' | 'conclusion'> | undefined): Status {
  return TONES[check?.conclusion ?? ''] ?? 'skipped'
}
