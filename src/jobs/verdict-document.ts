import { createHash } from 'node:crypto'
import type { PolicyFile } from '../policy/policy-file.ts'
import { type ObjectStore, type Snapshot, Unavailable } from '../ports.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import { CONFIGURATION_PATH } from '../registry/configuration.ts'
import { modelPath, recordPath } from '../registry/record.ts'
import type { CheckDocument } from '../report/check-document.ts'
import type { CentralPolicy } from './central-policy.ts'
import { modelPolicyPath } from './registry-reader.ts'
import type { Weighed } from './weigh.ts'

/** A file that judged, or was judged, as it was then; null when there was none. */
export type KeptText = string | null

/**
 * Everything that an auditor needs of one decision, without GitHub and without this program: what was found, by which
 * rules, on which terms, who approved. Stored once, named by the ledger's `decided` line.
 */
export interface VerdictDocument {
  readonly schema: 'weighbridge.verdict/v1'
  /** The check: engine, moment, sources by SHA, changes, and every finding with its waiver. */
  readonly check: CheckDocument
  readonly repository: { readonly id: number; readonly name: string }
  /** null: it landed without a pull request. */
  readonly pull: number | null
  readonly landed: { readonly commit: string; readonly merged_by: number | null } | null
  readonly evidence_key: string
  readonly policy_digest: string
  readonly promotions: readonly {
    readonly environment: string
    readonly model: string
    readonly from: string | null
    readonly to: string
    readonly artifact: string | null
    readonly exam: string | null
  }[]
  /** Reviews that counted, by id. */
  readonly approvals: readonly { readonly review: number; readonly by: number }[]
  /** The governed branch's files by path: configuration, policies, and of each model model.yml and its own policy;
   * and the operator's, by repository and path. */
  readonly texts: Readonly<Record<string, KeptText>>
  /** The records that would serve, as the pull request has them. */
  readonly records: Readonly<Record<string, KeptText>>
  /** Shipped policies that those extend, as this engine reads them. */
  readonly shipped: Readonly<Record<string, unknown>>
}

export interface VerdictDocumentInput {
  readonly weighed: Weighed
  readonly check: CheckDocument
  readonly repository: VerdictDocument['repository']
  readonly pull: number | null
  readonly landed: VerdictDocument['landed']
  readonly approvals: VerdictDocument['approvals']
  readonly shipped: ReadonlyMap<string, PolicyFile>
}

/**
 * Puts a decision together. Reads only files that weighing has read.
 *
 * @throws {Unavailable | HostFailure} when one of them cannot be read now
 */
export async function verdictDocument(input: VerdictDocumentInput): Promise<VerdictDocument> {
  const { weighed, check, repository, pull, landed, approvals } = input
  const governed = weighed.pull.before
  const models = weighed.models?.snapshot ?? governed
  const promoted = [...new Set(weighed.promotions.map(({ model }) => model))].sort()
  const concerned = [...new Set([...promoted, ...weighed.concerns.models])].sort()
  const texts = {
    ...(await textsOf(governed, [CONFIGURATION_PATH, ...(await policyPaths(governed))])),
    ...(await textsOf(
      models,
      concerned.flatMap((model) => [modelPath(model), modelPolicyPath(model)]),
    )),
  }
  const central = weighed.central === null ? {} : await centralTexts(weighed.central)
  const records = weighed.promotions.map(({ model, to }) => recordPath(model, to))
  return {
    schema: 'weighbridge.verdict/v1',
    check,
    repository,
    pull,
    landed,
    evidence_key: weighed.evidenceKey,
    policy_digest: weighed.policyDigest,
    promotions: weighed.promotions.map(({ environment, model, from, to, artifactDigest, evaluationDigest }) => ({
      environment,
      model,
      from,
      to,
      artifact: artifactDigest,
      exam: evaluationDigest,
    })),
    approvals,
    texts: { ...texts, ...central },
    records: await textsOf(weighed.models?.snapshot ?? weighed.pull.after, records),
    shipped: shippedIn({ ...texts, ...central }, input.shipped),
  }
}

/** The operator's files, each by the name that findings give it: `acme/policies:policies/central.yml`. */
async function centralTexts({ snapshot, files }: CentralPolicy): Promise<Readonly<Record<string, KeptText>>> {
  if (snapshot === null) return {}
  const texts = await textsOf(snapshot, [...files.keys()])
  return Object.fromEntries([...files].map(([path, { path: name }]) => [name, texts[path] ?? null]))
}

async function policyPaths(snapshot: Snapshot): Promise<readonly string[]> {
  const entries = await snapshot.list('policies')
  return entries.map(({ path }) => path).filter((path) => /^policies\/[^/]+\.ya?ml$/.test(path))
}

async function textsOf(snapshot: Snapshot, paths: readonly string[]): Promise<Readonly<Record<string, KeptText>>> {
  if (paths.length === 0) return {}
  const files = await snapshot.read(paths)
  const decoder = new TextDecoder()
  return Object.fromEntries(
    paths.map((path) => {
      const file = files.get(path)
      return [path, file === undefined ? null : decoder.decode(file.bytes)]
    }),
  )
}

/** Every shipped policy that one of the texts names, and those that they extend in turn. */
function shippedIn(
  texts: Readonly<Record<string, KeptText>>,
  shipped: ReadonlyMap<string, PolicyFile>,
): Readonly<Record<string, unknown>> {
  const found = new Map<string, unknown>()
  const collect = (text: string): void => {
    for (const [name, { policy }] of shipped) {
      if (found.has(name) || !text.includes(name)) continue
      const plain: unknown = JSON.parse(JSON.stringify(policy))
      found.set(name, plain)
      collect(JSON.stringify(plain))
    }
  }
  for (const text of Object.values(texts)) collect(text ?? '')
  return Object.fromEntries(found)
}

/**
 * Stores a verdict document under its own digest; one that is there already is the same one.
 *
 * @param place  `store.evidence` of the repository, and its prefix
 * @returns `sha256:` and 64 hexadecimal digits, for the `decided` line
 * @throws {Unavailable} when the store cannot be written, or holds something else under that digest
 */
export async function storeVerdict(
  place: { readonly store: Pick<ObjectStore, 'get' | 'putNew'>; readonly prefix: string },
  document: VerdictDocument,
): Promise<string> {
  const text = `${canonicalJson(document)}\n`
  const digest = digestOf(text)
  const uri = verdictUri(place.prefix, digest)
  if ((await place.store.putNew(uri, new TextEncoder().encode(text))) === 'exists') await readVerdict(place, digest)
  return digest
}

/**
 * Reads a verdict document that a ledger line names.
 *
 * @throws {Unavailable} when it is not there, or is not what its digest says
 */
export async function readVerdict(
  place: { readonly store: Pick<ObjectStore, 'get'>; readonly prefix: string },
  digest: string,
): Promise<VerdictDocument> {
  const uri = verdictUri(place.prefix, digest)
  const bytes = await place.store.get(uri)
  if (bytes === undefined)
    throw new Unavailable('missing', `${uri} does not exist`, 'Restore store.evidence from its backup.')
  const text = new TextDecoder().decode(bytes)
  if (digestOf(text) === digest) return JSON.parse(text) as VerdictDocument
  throw new Unavailable('unreachable', `${uri} is not what its name says`, 'Only the app may write store.evidence.')
}

function verdictUri(prefix: string, digest: string): string {
  return `${prefix.replace(/\/$/, '')}/verdicts/${digest.replace('sha256:', '')}.json`
}

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`
