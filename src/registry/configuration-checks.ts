import type { Configuration } from './configuration.ts'
import { type CrossCheck, type Say, sayRepeated } from './cross-check.ts'
import { suggest } from './did-you-mean.ts'
import { liesIn, plainFolder } from './repository-path.ts'
import { prefixesOverlap } from './store-prefix.ts'

/** Folders whose files are ours; an environment's manifests lie apart from them. */
const OUR_FOLDERS = ['models', 'policies', '.github', '.weighbridge']
const DEFAULT_EVIDENCE = 'file:.weighbridge/evidence'
/** Git's own rules for a branch name, and none that a command would take for an option. */
const BRANCH = /^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^\s~^:?*[\\\p{Cc}]+(?<![/.])$/u

export const configurationChecks: readonly CrossCheck<Configuration>[] = [
  { needs: ['environments.*.name'], check: checkEnvironmentNames },
  { needs: ['environments.*.name', 'environments.*.after'], check: checkAfter },
  { needs: ['environments.*.name', 'environments.*.manifests'], check: checkManifests },
  { needs: ['environments.*.policy'], check: checkPolicyLists },
  { needs: ['store.artifacts', 'store.evidence'], check: checkEvidencePrefix },
  { needs: ['roles', 'environments.*.name'], check: checkRoles },
  { needs: ['roles.#', 'distinct'], check: checkDistinct },
  { needs: ['branches'], check: checkBranches },
  { needs: ['training.budgets.*.team'], check: checkBudgets },
]

function checkEnvironmentNames({ environments }: Configuration, say: Say): void {
  const names = environments.map(({ name }) => name)
  sayRepeated(say, names, (index) => ['environments', index, 'name'], 'the environment')
}

function checkAfter({ environments }: Configuration, say: Say): void {
  environments.forEach(({ after }, index) => {
    const earlier = environments.slice(0, index).map(({ name }) => name)
    if (after === undefined || earlier.includes(after)) return
    say(
      ['environments', index, 'after'],
      `${after} is no environment before this one`,
      suggest(after, earlier, 'Environments before it'),
    )
  })
}

function checkManifests({ environments }: Configuration, say: Say): void {
  environments.forEach(({ manifests }, index) => {
    const at = ['environments', index, 'manifests']
    const ours = OUR_FOLDERS.find((folder) => liesIn(folder, manifests) || liesIn(manifests, folder))
    if (ours !== undefined)
      say(at, `${manifests} overlaps ${ours}/, whose files are ours`, 'Choose a folder of its own.')
    for (const earlier of environments.slice(0, index)) {
      const isNested = liesIn(earlier.manifests, manifests) || liesIn(manifests, earlier.manifests)
      if (!isNested) continue
      const other = `${plainFolder(earlier.manifests)} of ${earlier.name}`
      say(at, `${manifests} overlaps ${other}`, 'Give each environment a folder of its own, none inside another.')
    }
  })
}

function checkPolicyLists({ environments }: Configuration, say: Say): void {
  environments.forEach(({ policy }, index) => {
    if (typeof policy === 'string') return
    const entries = policy.map(({ use, when }) => (when === undefined ? use : `${use} when ${when}`))
    sayRepeated(say, entries, (entry) => ['environments', index, 'policy', entry], 'the policy')
  })
}

function checkEvidencePrefix({ store }: Configuration, say: Say): void {
  const evidence = store.evidence ?? DEFAULT_EVIDENCE
  if (!prefixesOverlap(store.artifacts, evidence)) return
  const at = store.evidence === undefined ? ['store', 'artifacts'] : ['store', 'evidence']
  say(
    at,
    `evidence (${evidence}) and artifacts (${store.artifacts}) overlap`,
    'Keep evidence where training cannot write.',
  )
}

function checkRoles({ roles = {}, environments }: Configuration, say: Say): void {
  const known = environments.map(({ name }) => name)
  for (const [role, narrowed] of Object.entries(roles)) {
    narrowed.environments?.forEach((name, index) => {
      if (known.includes(name)) return
      say(
        ['roles', role, 'environments', index],
        `there is no environment ${name}`,
        suggest(name, known, 'Environments here'),
      )
    })
  }
}

function checkDistinct({ distinct = [], roles = {} }: Configuration, say: Say): void {
  const known = Object.keys(roles)
  distinct.forEach((role, index) => {
    if (!known.includes(role)) say(['distinct', index], `there is no role ${role}`, suggest(role, known, 'Roles here'))
  })
  sayRepeated(say, distinct, (index) => ['distinct', index], 'the role')
}

function checkBranches({ branches = [] }: Configuration, say: Say): void {
  branches.forEach((branch, index) => {
    if (!BRANCH.test(branch))
      say(['branches', index], `${branch} is no branch name`, 'Write it as git branch lists it.')
  })
  sayRepeated(say, branches, (index) => ['branches', index], 'the branch')
}

function checkBudgets({ training }: Configuration, say: Say): void {
  const teams = (training?.budgets ?? []).map(({ team }) => team)
  sayRepeated(say, teams, (index) => ['training', 'budgets', index, 'team'], 'the team')
}
