import { type BudgetState, EMPTY_BUDGET } from '../../ledger/budget-state.ts'
import { scopeName } from '../../ledger/cause.ts'
import {
  BUDGET,
  emptyHead,
  FlawedDocument,
  HEAD,
  type Head,
  indexPath,
  type Part,
  readBudgetFile,
  readHead,
  readIndex,
  readState,
  type StateFile,
  statePath,
} from '../../ledger/documents.ts'
import type { FactScope, ModelScope } from '../../ledger/fact.ts'
import { type BranchContent, emptyScope, partPath, pathsOf, type ScopeFiles } from '../../ledger/layout.ts'
import { textDigest, type VerifyingKey } from '../../ledger/signature.ts'
import type { Snapshot } from '../../ports.ts'
import { LedgerBroken } from './ledger-broken.ts'

/** The branch at one commit, each file verified before it is given. Every method throws `LedgerBroken`. */
export interface BranchReader {
  readonly head: Head
  /** Every model, and `*`, that has a line; their states come in one question, whoever asks for one next. */
  allScopes(): Promise<readonly ModelScope[]>
  /** null when the scope has no line. */
  state(scope: ModelScope): Promise<StateFile | null>
  budget(): Promise<BudgetState>
  /** Everything that appending to these scopes changes. */
  content(scopes: readonly FactScope[]): Promise<BranchContent>
}

export interface BranchInput {
  /** null: there is no branch. */
  readonly snapshot: Snapshot | null
  readonly ledger: number
  readonly keys: readonly VerifyingKey[]
  /** Scopes that will be asked for: their files come with the head's, in one question. */
  readonly scopes: readonly FactScope[]
}

export async function readBranch({ snapshot, ledger, keys, scopes }: BranchInput): Promise<BranchReader> {
  const files = openFiles(snapshot)
  await files.fetch([HEAD, ...scopes.flatMap(pathsOf)])
  const head = await headOf(files, { isThere: snapshot !== null, ledger, keys })
  const index = async (environment: string) => indexOf(await files.text(indexPath(environment)), environment, head)
  const state = async (scope: ModelScope) => {
    const seq = (await index(scope.environment)).get(scope.model)
    return seq === undefined ? null : stateAt(await files.text(statePath(scope)), scope, { seq, head, keys })
  }
  const budget = async () =>
    budgetAt(head.budget?.state === undefined ? undefined : await files.text(BUDGET), head, keys)
  const part = async (scope: FactScope, newest: { readonly seq: number; readonly part: Part }) => {
    const path = partPath(scope, newest.part.name)
    return { name: newest.part.name, text: partOf(await files.text(path), path, newest) }
  }
  const scopeFiles = async (scope: FactScope): Promise<ScopeFiles> => {
    if (scope === 'budget') {
      if (head.budget === null) return emptyScope(scope)
      return { scope, state: await budget(), seq: head.budget.seq, part: await part(scope, head.budget) }
    }
    const file = await state(scope)
    if (file === null) return emptyScope(scope)
    const newest = { seq: file.state.seq, part: file.part }
    return { scope, state: file.state, seq: newest.seq, part: await part(scope, newest) }
  }
  const allScopes = async () => {
    const environments = [...head.environments.keys()]
    await files.fetch(environments.map(indexPath))
    const models = environments.map(async (environment) =>
      [...(await index(environment)).keys()].map((model) => ({ environment, model })),
    )
    const scopes = (await Promise.all(models)).flat()
    await files.fetch(scopes.map(statePath))
    return scopes
  }
  return {
    head,
    allScopes,
    state,
    budget,
    content: async (wanted) => {
      await files.fetch(wanted.flatMap(pathsOf))
      const environments = [...new Set(wanted.flatMap((scope) => (scope === 'budget' ? [] : [scope.environment])))]
      const read = await Promise.all(wanted.map(scopeFiles))
      return {
        head,
        indexes: new Map(await Promise.all(environments.map(async (name) => [name, await index(name)] as const))),
        scopes: new Map(read.map((one) => [scopeName(one.scope), one])),
        parts: new Map(),
      }
    },
  }
}

interface Files {
  fetch(paths: readonly string[]): Promise<void>
  /** undefined when there is no regular file of that name. */
  text(path: string): Promise<string | undefined>
}

/** Each path is asked for once; reads of one turn of the event loop are for the snapshot to put together. */
function openFiles(snapshot: Snapshot | null): Files {
  const known = new Map<string, Promise<string | undefined>>()
  const fetch = async (paths: readonly string[]) => {
    const wanted = [...new Set(paths)].filter((path) => !known.has(path))
    if (wanted.length === 0) return
    const reading = snapshot === null ? Promise.resolve(new Map()) : snapshot.read(wanted)
    for (const path of wanted) {
      const text = reading.then((files) => {
        const file = files.get(path)
        return file?.mode === '100644' ? new TextDecoder().decode(file.bytes) : undefined
      })
      // Who asks for it hears of the failure.
      text.catch(() => undefined)
      known.set(path, text)
    }
    await reading
  }
  return {
    fetch,
    text: async (path) => {
      await fetch([path])
      return known.get(path)
    },
  }
}

async function headOf(
  files: Files,
  {
    isThere,
    ledger,
    keys,
  }: { readonly isThere: boolean; readonly ledger: number; readonly keys: readonly VerifyingKey[] },
): Promise<Head> {
  if (!isThere) return emptyHead(ledger)
  const text = await files.text(HEAD)
  if (text === undefined) throw new LedgerBroken(1, `the branch has no ${HEAD}`)
  const head = believed(claimedSeq(text), () => readHead(text, keys))
  if (head.ledger !== ledger)
    throw new LedgerBroken(head.seq, `${HEAD} is that of the ledger of repository ${head.ledger}`)
  return head
}

function indexOf(text: string | undefined, environment: string, head: Head): ReadonlyMap<string, number> {
  const digest = head.environments.get(environment)
  if (digest === undefined) return new Map()
  if (text === undefined || textDigest(text) !== digest)
    throw new LedgerBroken(head.seq, `${indexPath(environment)} is not the one that this line left`)
  return believed(head.seq, () => readIndex(environment, text))
}

function stateAt(
  text: string | undefined,
  scope: ModelScope,
  { seq, head, keys }: { readonly seq: number; readonly head: Head; readonly keys: readonly VerifyingKey[] },
): StateFile {
  const path = statePath(scope)
  if (text === undefined) throw new LedgerBroken(seq, `${path} is gone`)
  const file = believed(seq, () => readState(path, text, keys))
  const isOurs =
    file.ledger === head.ledger && file.state.environment === scope.environment && file.state.model === scope.model
  if (!isOurs) throw new LedgerBroken(seq, `${path} is the state of something else`)
  if (file.state.seq !== seq)
    throw new LedgerBroken(seq, `${path} is the state at line ${file.state.seq}, not the one that this line left`)
  return file
}

/**
 * Bound by its digest in the head. A ledger of a version that trained nothing names none: nothing is reserved or spent.
 */
function budgetAt(text: string | undefined, head: Head, keys: readonly VerifyingKey[]): BudgetState {
  if (head.budget === null) return EMPTY_BUDGET
  const { seq, state } = head.budget
  if (state === undefined) return { ...EMPTY_BUDGET, seq }
  if (text === undefined) throw new LedgerBroken(seq, `${BUDGET} is gone`)
  if (textDigest(text) !== state) throw new LedgerBroken(seq, `${BUDGET} is not the one that this line left`)
  return believed(seq, () => readBudgetFile(text, keys)).state
}

function partOf(text: string | undefined, path: string, newest: { readonly seq: number; readonly part: Part }): string {
  if (text !== undefined && textDigest(text) === newest.part.digest) return text
  throw new LedgerBroken(newest.seq, `${path} is not what this line left: ${text === undefined ? 'gone' : 'changed'}`)
}

function believed<Value>(seq: number, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof FlawedDocument) throw new LedgerBroken(seq, error.message)
    throw error
  }
}

/** What an unbelievable head says of itself, for the message only. */
function claimedSeq(text: string): number {
  try {
    const { seq } = JSON.parse(text) as { seq?: unknown }
    return typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0 ? seq : 1
  } catch {
    return 1
  }
}
