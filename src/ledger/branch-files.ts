import {
  BUDGET,
  budgetText,
  HEAD,
  type Head,
  headText,
  indexPath,
  indexText,
  KEYS,
  keysText,
  statePath,
  stateText,
} from './documents.ts'
import { type BranchContent, named } from './layout.ts'
import { type SigningKey, textDigest, type VerifyingKey } from './signature.ts'

/**
 * The files of a branch's content, signed: path -> text.
 *
 * @param keys  the operator's, for `keys.json`
 */
export function branchFiles(
  content: BranchContent,
  key: SigningKey,
  keys: readonly VerifyingKey[],
): ReadonlyMap<string, string> {
  const files = new Map(content.parts)
  const environments = new Map(content.head.environments)
  for (const [environment, models] of content.indexes) {
    const text = indexText(environment, models)
    environments.set(environment, textDigest(text))
    files.set(indexPath(environment), text)
  }
  for (const [path, text] of stateFiles(content, key)) files.set(path, text)
  const budget = boundBudget(content.head.budget, files.get(BUDGET))
  const head: Head = { ...content.head, environments, budget }
  return files.set(HEAD, headText(head, key)).set(KEYS, keysText(keys))
}

function stateFiles(
  { head: { ledger }, scopes }: BranchContent,
  key: SigningKey,
): readonly (readonly [string, string])[] {
  return [...scopes.values()].flatMap((one) => {
    if (one.part === null) return []
    const part = named(one.part)
    if (one.scope === 'budget') return [[BUDGET, budgetText({ ledger, state: one.state, part }, key)] as const]
    return [[statePath(one.scope), stateText({ ledger, state: one.state, part }, key)] as const]
  })
}

/** The head names the budget's state by digest, so that none can be put back or taken away. */
function boundBudget(budget: Head['budget'], text: string | undefined): Head['budget'] {
  return budget === null || text === undefined ? budget : { ...budget, state: textDigest(text) }
}
