import type { PolicyLocation } from '../operator/grant.ts'
import { type CentralRules, MAX_DEPTH } from '../policy/compose.ts'
import { type PolicyFile, policyKind } from '../policy/policy-file.ts'
import type { Snapshot } from '../ports.ts'
import { readFile } from '../registry/file-kind.ts'
import type { Mistake } from '../registry/mistake.ts'
import { readSourceText } from '../registry/source-text.ts'

/** The operator's policy as one weighing read it. */
export interface CentralPolicy extends CentralRules {
  /** `owner/name`. */
  readonly repository: string
  /** Where it was read; null when it could not be. */
  readonly snapshot: Snapshot | null
}

/** Where a file of the operator's lies, as people read it; no path of a governed repository's policies looks like it. */
function nameIn({ repository }: PolicyLocation, path: string): string {
  return `${repository}:${path}`
}

/**
 * Reads the operator's policy and what it extends in its own repository.
 *
 * Whoever may push to the default branch of that repository decides what it says; a governed repository has no say in
 * where or what it is.
 *
 * @param snapshot  tip of the default branch of the repository that the operator names
 */
export async function readCentralPolicy(at: PolicyLocation, snapshot: Snapshot): Promise<CentralPolicy> {
  const files = new Map<string, PolicyFile>()
  let next: string | undefined = at.path
  while (next !== undefined && !next.startsWith('weighbridge/') && !files.has(next) && files.size <= MAX_DEPTH) {
    const reading = await readOne(at, snapshot, next)
    if (!reading.ok) return { ...placeOf(at), snapshot, files: new Map(), mistakes: reading.mistakes }
    files.set(next, reading.file)
    next = reading.file.policy.extends
  }
  return { ...placeOf(at), snapshot, files, mistakes: [] }
}

/** The operator's policy cannot be read at all: it says so, and whatever it governs waits. */
export function unreadablePolicy(at: PolicyLocation, because: string, mend: string): CentralPolicy {
  const mistakes = [mistakeIn(at, at.path, `the operator’s policy cannot be read: ${because}`, mend)]
  return { ...placeOf(at), snapshot: null, files: new Map(), mistakes }
}

function placeOf(at: PolicyLocation) {
  return { name: nameIn(at, at.path), repository: at.repository, path: at.path }
}

type Reading =
  | { readonly ok: true; readonly file: PolicyFile }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

async function readOne(at: PolicyLocation, snapshot: Snapshot, path: string): Promise<Reading> {
  const found = (await snapshot.read([path])).get(path)
  const name = nameIn(at, path)
  if (found === undefined) {
    const what = `the operator’s policy is not there at ${snapshot.sha.slice(0, 12)}`
    return { ok: false, mistakes: [mistakeIn(at, path, what, 'Put it back, or have WEIGHBRIDGE_OPERATOR changed.')] }
  }
  const source = readSourceText(name, found.bytes, found.mode)
  const reading = source.ok ? readFile(policyKind, name, source.text) : source
  if (!reading.ok) return { ok: false, mistakes: reading.mistakes }
  return { ok: true, file: { path: name, policy: reading.value, place: reading.place } }
}

function mistakeIn(at: PolicyLocation, path: string, what: string, mend: string): Mistake {
  return { path: nameIn(at, path), line: 1, column: 1, where: '', what, mend, severity: 'error' }
}
