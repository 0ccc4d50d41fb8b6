import { parseDotted } from '../registry/dotted-path.ts'
import type { Complaint } from '../registry/file-kind.ts'
import type { Policy } from './policy.ts'
import { type RuleStatement, ruleStatements } from './policy-statements.ts'

/** Two rules of one file with one id: both are shown, each naming the other. */
function twins(statements: readonly RuleStatement[]): readonly Complaint[] {
  return statements.flatMap(({ id, where }, index) => {
    const other = statements.find((statement, at) => at !== index && statement.id === id)
    if (other === undefined) return []
    const mend = 'Join the two, or give one an id: of its own.'
    return [
      { path: parseDotted(where), part: 'value' as const, what: `the rule ${id} stands at ${other.where} too`, mend },
    ]
  })
}

/** Loosening means something only against what the file extends; and it is in the file's own repository. */
function baseless(policy: Policy, path: string): readonly Complaint[] {
  const keys = (['loosen', 'without'] as const).filter((key) => (policy[key] ?? []).length > 0)
  if (path.startsWith('models/')) {
    const what = 'the policy of a model can only add to its environments’ rules'
    return keys.map((key) => ({ path: [key], part: 'key' as const, what, mend: `Remove ${key}.` }))
  }
  if (policy.extends !== undefined) return []
  const mend = 'Add extends:, or remove it.'
  return keys.map((key) => ({
    path: [key],
    part: 'key' as const,
    what: `there is nothing to ${key === 'loosen' ? 'loosen' : 'leave out'}`,
    mend,
  }))
}

/** What no schema can say of a policy. */
export function examinePolicy(policy: Policy, path: string): readonly Complaint[] {
  return [...twins(ruleStatements(policy)), ...baseless(policy, path)]
}
