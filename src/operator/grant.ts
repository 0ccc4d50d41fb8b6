import type { Configuration } from '../registry/configuration.ts'
import { matchesGlob } from '../registry/matches-glob.ts'
import { prefixCovers } from '../registry/store-prefix.ts'
import type { Operator, RepositoryGrant } from './operator-file.ts'

/** Every `file:` path of a repository's own folder; written by no file, given where there is no operator's file. */
const OWN_FOLDER = 'file:'
const EVIDENCE = 'file:.weighbridge/evidence/'

export interface GrantedPrefix {
  /** Ends in `/`, or is `OWN_FOLDER`. */
  readonly prefix: string
  /** Role to assume for it; null: the app's own credentials. */
  readonly roleArn: string | null
}

/** A policy in another repository, as the operator names it. */
export interface PolicyLocation {
  /** `owner/name`. */
  readonly repository: string
  /** In `policies/`. */
  readonly path: string
}

/** What one repository may make the app read and write. */
export interface Grant {
  readonly stores: readonly GrantedPrefix[]
  /** Ends in `/`. */
  readonly evidence: string
  /** Globs of repositories that its models may be read from. */
  readonly registries: readonly string[]
}

/** What is left of a configuration's stores. */
export interface NarrowedStores {
  readonly prefixes: readonly GrantedPrefix[]
  /** Prefixes that the configuration names and of which nothing is granted. */
  readonly refused: readonly string[]
}

/**
 * What the operator grants a repository; null: nothing at all.
 *
 * The first entry that matches counts alone, so that an entry can also take away. GitHub's names ignore case.
 *
 * @param operator  null without a file: then only `file:` below the repository's own folder
 * @param name  `owner/name`
 * @example grantOf(null, 'acme/churn').evidence // => 'file:.weighbridge/evidence/'
 */
export function grantOf(operator: Operator | null, name: string): Grant | null {
  if (operator === null) return { stores: [{ prefix: OWN_FOLDER, roleArn: null }], evidence: EVIDENCE, registries: [] }
  const entry = entryFor(operator, name)
  if (entry === undefined) return null
  return {
    stores: entry.stores.map(({ prefix, role_arn }) => ({ prefix, roleArn: role_arn ?? null })),
    evidence: entry.evidence,
    registries: entry.registries ?? [],
  }
}

/**
 * The part of a configuration's prefixes that is granted: a repository narrows its grant and never widens it.
 *
 * @example narrowedStores({ stores: [{ prefix: 's3://acme/x/', roleArn: null }], evidence: 's3://other/', registries: [] }, { artifacts: 's3://acme' }).prefixes[0].prefix // => 's3://acme/x/'
 */
export function narrowedStores({ stores }: Grant, { artifacts, read = [] }: Configuration['store']): NarrowedStores {
  const asked = [...new Set([artifacts, ...read])]
  const answers = asked.map((prefix) => ({ prefix, granted: stores.flatMap((store) => common(store, prefix)) }))
  return {
    prefixes: answers.flatMap(({ granted }) => granted),
    refused: answers.filter(({ granted }) => granted.length === 0).map(({ prefix }) => prefix),
  }
}

/**
 * The prefix below which evidence of a repository is kept. It ends in the repository's id, so that two repositories
 * under one grant never read each other's, and a rename loses nothing.
 *
 * @example evidencePrefix({ stores: [], evidence: 's3://e/w/', registries: [] }, 42) // => 's3://e/w/42/'
 */
export function evidencePrefix({ evidence }: Grant, repositoryId: number): string {
  return `${evidence}${repositoryId}/`
}

/**
 * Whether models may be read from a repository.
 *
 * @example mayReadModels({ stores: [], evidence: 's3://e/', registries: ['acme/models'] }, 'acme/models') // => true
 */
export function mayReadModels({ registries }: Grant, name: string): boolean {
  return registries.some((glob) => matchesName(glob, name))
}

/**
 * The operator's policy for a repository; null where its entry names none, and where no entry is for it.
 *
 * @example policyLocation(null, 'acme/churn') // => null
 */
export function policyLocation(operator: Operator | null, name: string): PolicyLocation | null {
  return operator === null ? null : (entryFor(operator, name)?.policy ?? null)
}

/**
 * Whether the operator names a repository as the home of a policy, for any other.
 *
 * @example holdsPolicies(null, 'acme/policies') // => false
 */
export function holdsPolicies(operator: Operator | null, name: string): boolean {
  const named = operator?.repositories.flatMap(({ policy }) => policy?.repository.toLowerCase() ?? []) ?? []
  return named.includes(name.toLowerCase())
}

/** The first entry that matches counts alone. */
function entryFor({ repositories }: Operator, name: string): RepositoryGrant | undefined {
  return repositories.find(({ match }) => matchesName(match, name))
}

/**
 * Whether a granted prefix covers a URI; the same strict reading as for a repository's own prefixes.
 *
 * @example grantCovers('s3://acme-data/', 's3://acme-data-evil/x') // => false
 */
export function grantCovers(prefix: string, uri: string): boolean {
  if (prefix !== OWN_FOLDER) return prefixCovers(prefix, uri)
  return uri.startsWith('file:') && prefixCovers('file:any', uri.replace('file:', 'file:any/'))
}

/** The narrower of two prefixes where one lies in the other. */
function common(store: GrantedPrefix, asked: string): readonly GrantedPrefix[] {
  const wanted = withSlash(asked)
  if (store.prefix === wanted || grantCovers(store.prefix, wanted)) return [{ ...store, prefix: wanted }]
  return grantCovers(wanted, store.prefix) ? [store] : []
}

function withSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix : `${prefix}/`
}

function matchesName(glob: string, name: string): boolean {
  const [owner = '', repository = ''] = name.toLowerCase().split('/')
  const [ownerGlob = '', repositoryGlob = ''] = glob.toLowerCase().split('/')
  return matchesGlob(ownerGlob, owner) && matchesGlob(repositoryGlob, repository)
}
