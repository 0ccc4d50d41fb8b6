export type OnInconclusive = 'hold' | { readonly review: string }

export type MergeMethod = 'merge' | 'squash' | 'rebase'

/** A policy as written. What stands under a gate has been checked by that gate's own schema. */
export interface Policy {
  readonly extends?: string | undefined
  readonly evidence?:
    | { readonly at_least?: string | undefined; readonly workflows?: readonly string[] | undefined }
    | undefined
  readonly evaluation?: Readonly<Record<string, unknown>> | undefined
  readonly gates: Readonly<Record<string, unknown>>
  readonly on_inconclusive?: Readonly<Record<string, OnInconclusive>> | undefined
  readonly waivable?:
    | Readonly<
        Record<string, { readonly by: string; readonly max?: string | undefined; readonly count?: number | undefined }>
      >
    | undefined
  readonly merge?: { readonly automatic?: boolean | undefined; readonly method?: MergeMethod | undefined } | undefined
  readonly rollout?: object | undefined
  readonly rollback?: object | undefined
  readonly privacy?: { readonly min_group: number } | undefined
  readonly loosen?: readonly string[] | undefined
  readonly without?: readonly string[] | undefined
}
