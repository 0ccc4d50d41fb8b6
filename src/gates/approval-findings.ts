import { scopeText } from '../registry/role-holders.ts'
import type { Count } from './counted-approvals.ts'
import { unfilledRole } from './distinct-people.ts'
import { type Finding, finding } from './finding.ts'
import type { PeopleFacts } from './github-facts.ts'
import { listText } from './number-text.ts'

const NAME = 'approvals'
/** How many approvals that do not count are named. */
const MOST_IGNORED = 20

function names(people: readonly { readonly login: string }[]): string {
  return listText(people.map(({ login }) => login))
}

/** `; ignored: carl (pushed to its branch), lee (does not hold role risk)` */
function ignoredText({ ignored }: Count): string {
  const shown = ignored.slice(0, MOST_IGNORED).map(({ login, because }) => `${login} (${because})`)
  const more = ignored.length > MOST_IGNORED ? [`${ignored.length - MOST_IGNORED} more`] : []
  return shown.length === 0 ? '' : `; ignored: ${[...shown, ...more].join(', ')}`
}

function open(count: Count): Finding {
  const { need, counted } = count
  const by = counted.length === 0 ? '' : ` (${names(counted)})`
  const who = `${need.count} of role ${need.role}${need.notAuthor ? ', not the author' : ''}`
  const because = `${counted.length}/${need.count} approvals of role ${need.role}${by} for ${scopeText(need)}: ${need.because}${ignoredText(count)}`
  return finding(NAME, need.role, 'inconclusive', because, {
    flips: `An approval of exactly this evidence by ${who}.`,
  })
}

/** What the approvals of one need come to; each that does not count is named with the reason. */
export function countFinding(count: Count): Finding {
  const { need, counted, against, unknown } = count
  if (against.length > 0) {
    const flips = `${names(against)} must approve, or the review must be dismissed.`
    const because = `${names(against)} of role ${need.role} asked for changes`
    return finding(NAME, need.role, 'failed', because, { flips })
  }
  if (unknown.length > 0) {
    const because = `who holds role ${need.role} cannot be told: ${unknown.join('; ')}`
    return finding(NAME, need.role, 'inconclusive', because, { reason: `approvals:${unknown.join('; ')}` })
  }
  if (counted.length < need.count) return open(count)
  const because = `${counted.length}/${need.count} approvals of role ${need.role}: ${names(counted)}${ignoredText(count)}`
  return finding(NAME, need.role, 'passed', because)
}

/** Whether different people hold the roles that must be distinct; nothing to say until everybody else has approved. */
export function distinctFindings(
  distinct: readonly string[],
  counts: readonly Count[],
  { trainers = [] }: PeopleFacts,
): readonly Finding[] {
  const concerned = counts.filter(({ need }) => distinct.includes(need.role))
  const isOpen = counts.some((count) => countFinding(count).status !== 'passed')
  if (concerned.length === 0 || isOpen) return []
  const roles = listText(distinct)
  const role = unfilledRole(
    distinct,
    concerned,
    trainers.map(({ id }) => id),
  )
  const title = 'distinct people'
  if (role === null) return [finding(NAME, title, 'passed', `different people stand for ${roles}`)]
  const trained = trainers.length === 0 ? '' : `; trained by ${names(trainers)}`
  const because = `${roles} must be different people, and nobody is left for ${role}${trained}`
  return [finding(NAME, title, 'inconclusive', because, { flips: `An approval by somebody else of role ${role}.` })]
}
