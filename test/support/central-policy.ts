import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RepositoryHandle } from '../../src/world/repository-handle.ts'
import type { Story } from './github-world.ts'
import type { Fields } from './registry-files.ts'

/** Where stories keep what the operator lays over the rules of acme/risk. */
export const CENTRAL = 'policies/central.yml'
export const CENTRAL_NAME = `acme/policies:${CENTRAL}`

export interface CentralOptions {
  /** More files of acme/policies. */
  readonly files?: Readonly<Record<string, string>>
  /** Where it lies; default: acme/policies. */
  readonly home?: string
  /** What the operator's file names; default: where it lies. */
  readonly repository?: string
}

/** The operator lays a policy over all repositories, from one of its own. */
export async function laysOver(
  story: Story,
  policy: Fields | string,
  { files = {}, home = 'acme/policies', repository = home }: CentralOptions = {},
): Promise<RepositoryHandle> {
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy)
  const policies = await story.world.repository(home, {
    files: { [CENTRAL]: text, ...files },
    isPrivate: true,
  })
  const path = join(story.home.path, 'operator.yml')
  const named = `    policy: {repository: ${repository}, path: ${CENTRAL}}\n`
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(/^ {4}evidence: .*\n/m, (line) => `${line}${named}`),
  )
  await story.settles()
  story.world.github.forgetCalls()
  return policies
}
