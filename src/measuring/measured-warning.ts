/** What a reader of a measured document must know beside its numbers. */
export interface MeasuredWarning {
  readonly code: string
  readonly column?: string
  readonly message: string
}
