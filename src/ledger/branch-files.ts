import { HEAD, type Head, headText, indexPath, indexText, KEYS, keysText, statePath, stateText } from './documents.ts'
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
  for (const { scope, state, part } of content.scopes.values())
    if (scope !== 'budget' && state !== null && part !== null)
      files.set(statePath(scope), stateText({ ledger: content.head.ledger, state, part: named(part) }, key))
  const head: Head = { ...content.head, environments }
  return files.set(HEAD, headText(head, key)).set(KEYS, keysText(keys))
}
