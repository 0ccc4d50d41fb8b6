/** A version as people write it: `churn@1.4.0`. */
export interface VersionName {
  readonly model: string
  readonly version: string
}
