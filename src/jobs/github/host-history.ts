import type { LedgerFacts } from '../../gates/github-facts.ts'
import { modelPath, recordPath } from '../../registry/record.ts'
import { compareVersions } from '../../registry/semantic-version.ts'
import type { GitHubSide } from '../github-side.ts'
import { type HistorySources, openHistory, type ServingHistory, standingVersion } from '../serving-history.ts'

/**
 * What environments served: the ledger where it knows, else base tip, and only then the history of Git, which costs
 * queries. What the ledger knows to have landed without a passing verdict counts neither for `after` nor as a version to
 * go back to until it has passed.
 *
 * Git knows what served before there was a ledger. Numbers rise: a version above the first that the ledger saw or, where
 * it has seen none, above the one that stands there cannot have served before, or was taken back; both is never a
 * rollback.
 */
export function hostHistory(side: GitHubSide): (sources: HistorySources) => ServingHistory {
  return (sources) => {
    const git = openHistory(sources)
    const stateOf = async (environment: string, model: string) => deployedIn(await side.ledger(environment, model))
    return {
      whyUnknown: git.whyUnknown,
      served: async (environment, model, version) => {
        const deployed = await stateOf(environment.name, model)
        if (deployed === null) return (await git.served(environment, model, version)) === false ? false : null
        const own = deployed.filter((one) => one.version === version)
        if (own.length > 0) return own.some(isKnownGood)
        const standing = await standingVersion(sources, environment, model)
        if (standing === version) return true
        const first = deployed[0]?.version ?? standing
        if (first !== null && compareVersions(version, first) > 0) return false
        return git.served(environment, model, version)
      },
      lastServed: async (environment, model) => {
        const last = (await stateOf(environment.name, model))?.findLast(isKnownGood)
        if (last !== undefined) return { status: 'served', version: last.version }
        return (await wasThere(sources, modelPath(model))) ? git.lastServed(environment, model) : { status: 'never' }
      },
      firstDigest: async (model, version) => {
        const path = recordPath(model, version)
        const onBase = await digestOnBase(sources, model, version)
        const [wasOnBase, states] = await Promise.all([
          onBase === null && wasThere(sources, path),
          Promise.all(sources.configured.map(({ name }) => stateOf(name, model))),
        ])
        const first = firstOf(states.flatMap((deployed) => deployed ?? []).filter((one) => one.version === version))
        if (first !== undefined) return { digest: first.digest }
        return wasOnBase ? git.firstDigest(model, version) : { digest: onBase }
      },
    }
  }
}

type Deployed = Extract<LedgerFacts, { is: 'sound' }>['state']['deployed']

/** null: the ledger cannot be believed, so nothing can be told. */
function deployedIn(facts: LedgerFacts): Deployed | null {
  return facts.is === 'sound' ? facts.state.deployed : null
}

function isKnownGood({ weighed, verified }: Deployed[number]): boolean {
  return weighed || verified
}

function firstOf(deployed: Deployed): Deployed[number] | undefined {
  return deployed.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))[0]
}

/** A record that stands at base tip is the one that landed first: it can neither be changed nor removed. */
async function digestOnBase(sources: HistorySources, model: string, version: string): Promise<string | null> {
  const { repository, sha } = sources.models
  const record = await sources.registryAt(await repository.snapshot(sha)).record(model, version)
  return record?.ok ? record.value.artifact.digest : null
}

/** Whether anything ever was at a path; where that is not cheap to tell, yes. */
async function wasThere({ models: { repository, sha } }: HistorySources, path: string): Promise<boolean> {
  return (await repository.touched?.(sha, path)) ?? true
}
