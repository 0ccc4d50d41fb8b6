/** A user, an app's bot or an organisation. A deleted account is gone from its table; whoever asks then finds null. */
export interface WorldAccount {
  readonly id: number
  readonly login: string
  readonly type: 'User' | 'Bot' | 'Organization'
  readonly name: string | null
  /** Commits with this e-mail are attributed to the account; the `noreply` address always is. */
  readonly email: string | null
  readonly isSiteAdmin: boolean
  readonly createdAt: number
}

/** Somebody in an organisation; key `<organisation>:<user>`. */
export interface OrganisationMember {
  readonly organisation: number
  readonly user: number
  readonly role: 'admin' | 'member'
  readonly state: 'active' | 'pending'
}

/** What a team or a collaborator may do in a repository, in GitHub's five standard roles. */
export type RoleName = 'read' | 'triage' | 'write' | 'maintain' | 'admin'

/** A role that an organisation made up: one of the standard ones with more to it. */
export interface CustomRole {
  readonly id: number
  readonly organisation: number
  readonly name: string
  /** What it stands on: no owner's role, `admin` is none to build on. */
  readonly base: Exclude<RoleName, 'admin'>
}

export interface TeamMember {
  readonly user: number
  readonly role: 'member' | 'maintainer'
  readonly state: 'active' | 'pending'
}

export interface WorldTeam {
  readonly id: number
  readonly organisation: number
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly privacy: 'closed' | 'secret'
  readonly parent: number | null
  /** Its own members; members of child teams count too when a team is asked for its members. */
  readonly members: readonly TeamMember[]
  readonly repositories: readonly {
    readonly repository: number
    readonly role: RoleName
    /** The custom role whose base `role` is. */
    readonly custom?: number
  }[]
}

export type Access = 'read' | 'write' | 'admin'
/** Permission names as in GitHub's app settings: `contents`, `checks`, `merge_queues`, ... */
export type Permissions = Readonly<Record<string, Access>>

export interface WorldApp {
  readonly id: number
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly clientId: string
  readonly owner: number
  /** Anybody may install it; one that is not stays with its owner. */
  readonly isPublic: boolean
  /** Account `<slug>[bot]`, which does what the app does. */
  readonly bot: number
  readonly permissions: Permissions
  readonly events: readonly string[]
  /** PEM; the world keeps both halves, so that a scenario can start the app. */
  readonly privateKey: string
  readonly publicKey: string
  readonly webhook: { readonly url: string; readonly secret: string } | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** What the browser brings back from a manifest: good once, and for an hour. */
export interface ManifestCode {
  readonly code: string
  readonly app: number
  /** Told once, with the keys. */
  readonly clientSecret: string
  readonly expiresAt: number
}

export interface WorldInstallation {
  readonly id: number
  readonly app: number
  readonly account: number
  readonly repositories: 'all' | readonly number[]
  /** What the owner has accepted, which may be less than what the app asks for today. */
  readonly permissions: Permissions
  readonly events: readonly string[]
  readonly suspendedAt: number | null
  readonly suspendedBy: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

export type WorldToken =
  | {
      readonly kind: 'installation'
      readonly token: string
      readonly installation: number
      readonly permissions: Permissions
      readonly repositories: 'all' | readonly number[]
      readonly expiresAt: number
    }
  | { readonly kind: 'user'; readonly token: string; readonly user: number; readonly expiresAt: number | null }

/** Who does something, and with which rights. */
export type Actor =
  | { readonly kind: 'user'; readonly account: WorldAccount }
  | {
      readonly kind: 'installation'
      /** The app's bot. */
      readonly account: WorldAccount
      readonly app: WorldApp
      readonly installation: number
      readonly permissions: Permissions
      readonly repositories: 'all' | readonly number[]
    }
  /** By its own JWT: an app may read itself, its installations and its deliveries. */
  | { readonly kind: 'app'; readonly account: WorldAccount; readonly app: WorldApp }
  | { readonly kind: 'anonymous' }
