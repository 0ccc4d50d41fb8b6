import type { NewFile } from '../adapters/checkout/new-repository.ts'

/** Where `init` puts it, beside the schemas. */
export const LEDGER_RULESET_PATH = '.github/weighbridge/ledger-ruleset.json'

/** Branches that only the app writes: what it remembers, and who does what right now. */
const BRANCHES = ['refs/heads/weighbridge/ledger', 'refs/heads/weighbridge/lock/*']

/**
 * The ruleset that lets nobody but the app create, move or delete these branches, in the form that GitHub imports
 * (Settings, Rules, Import a ruleset) and that `POST /repos/{owner}/{repo}/rulesets` takes.
 *
 * A forged line is noticed without it, too, but then promotions stand still until somebody has looked.
 *
 * @param appId  id of the GitHub App; 0 where it is not known yet: GitHub refuses that, and the README says what to put
 */
export function ledgerRuleset(appId = 0): NewFile {
  const ruleset = {
    name: 'weighbridge: only the app writes the ledger',
    target: 'branch',
    enforcement: 'active',
    bypass_actors: [{ actor_id: appId, actor_type: 'Integration', bypass_mode: 'always' }],
    conditions: { ref_name: { include: BRANCHES, exclude: [] } },
    rules: [{ type: 'creation' }, { type: 'update' }, { type: 'deletion' }, { type: 'non_fast_forward' }],
  }
  return { path: LEDGER_RULESET_PATH, content: `${JSON.stringify(ruleset, null, 2)}\n` }
}
