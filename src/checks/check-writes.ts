import type { CheckWrite, FoundCheck } from '../ports/check-run.ts'
import { isOwnName, isTrainingName, ROLL_UP } from './check-names.ts'
import { type DesiredCheck, parseExternalId } from './desired-check.ts'
import { notJudgedAnyMore } from './state-checks.ts'

export interface WriteOptions {
  /** Somebody asked for it: written even when nothing changed. */
  readonly force: boolean
  readonly headSha: string
}

/**
 * Checks of ours that stand on a commit and are not desired any more: never left red, never left stale. While the
 * roll-up is in progress nobody knows yet what will be desired.
 */
function leftovers(desired: readonly DesiredCheck[], found: readonly FoundCheck[]): readonly DesiredCheck[] {
  if (!desired.some(({ name, status }) => name === ROLL_UP && status === 'completed')) return []
  const names = new Set(desired.map(({ name }) => name))
  const origin = desired[0]?.externalId.split(':') ?? []
  const [engine = '', baseRef = '', pulls = ''] = origin
  const numbers = pulls === '' ? [] : pulls.split('+').map(Number)
  return found
    .filter(({ name }) => isOwnName(name) && !isTrainingName(name) && !names.has(name))
    .map(({ name }) => notJudgedAnyMore(name, { engine, baseRef, pulls: numbers }))
}

function sameName(found: readonly FoundCheck[], name: string): FoundCheck | undefined {
  return found.filter((one) => one.name === name).toSorted((a, b) => b.id - a.id)[0]
}

type Way = 'nothing' | 'new' | 'change'

/**
 * How to make a run agree. A run that is not completed holds neither annotations nor a key and is changed; a completed
 * one is changed only where its conclusion, annotations and key stay as they are.
 */
function wayTo(check: DesiredCheck, found: FoundCheck | undefined, force: boolean): Way {
  if (found === undefined) return 'new'
  const own = parseExternalId(check.externalId)
  const other = parseExternalId(found.externalId)
  const isSame = found.externalId === check.externalId && found.status === check.status
  const agrees = isSame && (check.conclusion === null || found.conclusion === check.conclusion)
  if (agrees) return force ? 'change' : 'nothing'
  if (found.status !== 'completed') return 'change'
  const stands = own !== null && own.standing === other?.standing && found.conclusion === check.conclusion
  return stands ? 'change' : 'new'
}

function writeOf(check: DesiredCheck, found: FoundCheck | undefined, way: Way, headSha: string): CheckWrite {
  const { name, status, conclusion, externalId, title, summary, text, annotations, buttons, detailsUrl } = check
  const isFresh = way === 'new' || found?.status !== 'completed'
  return {
    id: way === 'new' ? null : (found?.id ?? null),
    name,
    headSha,
    status,
    conclusion,
    externalId,
    title,
    summary,
    text,
    annotations: isFresh ? annotations : [],
    buttons,
    detailsUrl,
  }
}

/**
 * What to write so that a commit bears the desired checks; nothing where they stand already.
 *
 * GitHub appends annotations to a run and shows the latest run of a name: changed text changes the run, a changed
 * conclusion, key or annotation makes a new one, so that it stays visible which evidence stood when.
 *
 * @param found  ours on that commit, by app id; the latest of each name counts
 */
export function checkWrites(
  desired: readonly DesiredCheck[],
  found: readonly FoundCheck[],
  { force, headSha }: WriteOptions,
): readonly CheckWrite[] {
  return [...desired, ...leftovers(desired, found)].flatMap((check) => {
    const standing = sameName(found, check.name)
    const way = wayTo(check, standing, force)
    return way === 'nothing' ? [] : [writeOf(check, standing, way, headSha)]
  })
}
