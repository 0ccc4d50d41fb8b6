import { parseExternalId } from '../../../src/checks/desired-check.ts'
import { beforeFirst, type Line } from '../../../src/ledger/line.ts'
import { linesIn } from '../../../src/ledger/verify-files.ts'
import type { Inbox } from '../../../src/ports/inbox.ts'
import type { CheckRun } from '../../../src/world/github/github-state.ts'
import type { RepositoryHandle } from '../../../src/world/repository-handle.ts'
import type { World } from '../../../src/world/world.ts'

/** All that people and the next process find when everything is over; no ids and no moments. */
export type EndState = Awaited<ReturnType<typeof endStateOf>> & { readonly also?: unknown }

const LEDGER = 'weighbridge/ledger'

export async function endStateOf(world: World, fullName: string, inbox: Inbox | null) {
  const repository = await world.repository(fullName)
  const names = namesOf(repository)
  const nameless = (text: string) => [...names].reduce((said, [sha, name]) => said.replaceAll(sha, name), text)
  const { state } = world.github
  return {
    pulls: repository.pulls.map((pull) => ({
      state: pull.state,
      checks: checksOn(world, repository, pull.head),
      comments: pull.comments.map(({ author, body }) => `${author}: ${nameless(body)}`),
    })),
    landed: await landedOn(world, repository),
    deployments: [...state.deployments.values()]
      .map(({ environment, sha, task, payload }) =>
        nameless(`${environment} ${sha} ${task} ${JSON.stringify(payload)}`),
      )
      .sort(),
    issues: [...state.issues.values()].filter(({ isPull }) => !isPull).map(({ title }) => nameless(title)),
    ledger: await ledgerOf(repository, (line) => nameless(factOf(line, loginOf(world)))),
    locks: [...(await world.github.running.storage.refs(repository.id, 'refs/heads/weighbridge/lock')).keys()],
    inbox: inbox === null ? 'no instance is up' : leftIn(inbox),
    contractBreaks: world.github.contractBreaks,
  }
}

/** A commit has another id when it is made at another moment. */
function namesOf(repository: RepositoryHandle): ReadonlyMap<string, string> {
  const pairs = repository.pulls.flatMap(({ head, mergeCommit, number }) => [
    [head, `<head of #${number}>`] as const,
    ...(mergeCommit === null ? [] : [[mergeCommit, `<merge of #${number}>`] as const]),
  ])
  return new Map(pairs)
}

/** The latest of each name, and whatever was written twice with the same content. */
function checksOn({ github, app }: World, repository: RepositoryHandle, sha: string) {
  const runs = [...github.state.runs.values()]
    .filter((run) => run.app === app.id && run.repository === repository.id && run.headSha === sha)
    .sort((a, b) => a.id - b.id)
  const latest = new Map(runs.map((run) => [run.name, run]))
  const twice = Map.groupBy(runs, (run) => `${run.name} ${run.externalId}`)
  return {
    latest: [...latest.values()].map(shown).sort(),
    doubled: [...twice].filter(([, same]) => same.length > 1).map(([, same]) => `${shown(same[0]!)} x ${same.length}`),
  }
}

function shown({ name, status, conclusion, output, externalId }: CheckRun): string {
  const digest = parseExternalId(externalId)?.digest.slice(0, 12) ?? externalId
  return `${name}: ${conclusion ?? status}, ${output.title}, ${digest}`
}

/** How many commits of people and apps stand on the default branch since the first. */
async function landedOn(world: World, repository: RepositoryHandle) {
  const { storage } = world.github.running
  const tip = (await repository.tip()) ?? ''
  const line = await storage.history(repository.id, tip, { firstParent: true })
  const commits = await Promise.all(line.map((sha) => storage.commit(repository.id, sha)))
  return { commits: commits.length, tree: commits[0]?.tree }
}

async function ledgerOf(repository: RepositoryHandle, said: (line: Line) => string) {
  if ((await repository.tip(LEDGER)) === null) return 'none'
  const paths = (await repository.paths(LEDGER)).filter((path) => path.startsWith('facts/'))
  const files = await Promise.all(
    paths.map(async (path) => [path, (await repository.file(path, LEDGER)) ?? ''] as const),
  )
  const { lines, flaws } = linesIn(new Map(files))
  const ids = new Set(lines.map(({ id }) => id))
  return {
    facts: lines.map(said),
    repeated: lines.length - ids.size,
    flaw: flaws[0]?.because ?? orderFlaw(lines, repository.id),
  }
}

/** Signatures are shown elsewhere; here it is the chain: no gap, no fork, no line twice. */
function orderFlaw(lines: readonly Line[], ledger: number): string | null {
  let before = { seq: 0, digest: beforeFirst(ledger) }
  for (const line of lines) {
    if (line.seq !== before.seq + 1 || line.prev !== before.digest) return `line ${line.seq} does not follow`
    before = line
  }
  return null
}

/** GitHub makes some accounts when they first act, so that their numbers depend on when that was. */
function loginOf({ github }: World): (id: unknown) => unknown {
  return (id) => github.state.accounts.get(Number(id))?.login ?? id
}

/** What a line says without digests of documents that hold moments, and without GitHub's numbers. */
function factOf({ fact, scope, actorId }: Line, login: (id: unknown) => unknown): string {
  const said = { scope, by: actorId, ...(fact as unknown as Readonly<Record<string, unknown>>), verdict: '' }
  return JSON.stringify(said, (name, value) => {
    if (name === 'review' || name === 'run') return undefined
    return name === 'by' || name === 'merged_by' ? login(value) : value
  })
}

function leftIn(inbox: Inbox) {
  const { jobs, deliveries } = inbox.counts()
  const { done: _, ...open } = deliveries
  return { jobs, deliveries: open, waitingMerges: inbox.waitingMerges().map(({ key }) => key) }
}
