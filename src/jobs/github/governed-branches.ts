import type { Inbox } from '../../ports/inbox.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { CONFIGURATION_PATH, type Configuration } from '../../registry/configuration.ts'
import { readFile } from '../../registry/file-kind.ts'
import { configurationKind } from '../../registry/file-kinds.ts'

/** Which branches are governed, as the configuration of the default branch says. */
export interface Governed {
  /** Besides the default branch, which always is. */
  readonly others: readonly string[]
  readonly is: (ref: string) => boolean
  /** null: absent, or with mistakes. */
  readonly configuration: Configuration | null
}

/**
 * Governed branches: the default branch, and `branches:` of the default branch's own configuration.
 *
 * A configuration with mistakes takes none away that were governed before.
 *
 * @param text  of the configuration at the tip of the default branch; null when absent
 * @param before  branches besides the default one that were governed so far
 */
export function governedBranches(text: string | null, defaultBranch: string, before: readonly string[]): Governed {
  const reading = text === null ? null : readFile(configurationKind, CONFIGURATION_PATH, text)
  const configuration = reading?.ok ? reading.value : null
  const named = configuration?.branches ?? (reading?.ok === false ? before : [])
  const others = [...new Set(named)].filter((ref) => ref !== defaultBranch)
  return { others, is: (ref) => ref === defaultBranch || others.includes(ref), configuration }
}

/** Branches besides the default one that were governed when the configuration was read last. */
export function rememberedBranches(inbox: Inbox, { id }: HostedRepository): readonly string[] {
  const list: unknown = JSON.parse(inbox.mark(markOf(id)) ?? '[]')
  return Array.isArray(list) ? list.map(String) : []
}

/** Remembers them for the door, which drops events of other branches without asking anybody. */
export function rememberBranches(inbox: Inbox, { id }: HostedRepository, branches: readonly string[]): void {
  const mark = JSON.stringify([...branches].sort())
  if (inbox.mark(markOf(id)) !== mark) inbox.setMark(markOf(id), mark)
}

function markOf(id: number): string {
  return `governed:${id}`
}
