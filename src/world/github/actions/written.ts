/** An expression as it stands between `${{` and `}}`. */
export interface WrittenExpression {
  readonly expression: string
}

/** Text with expressions in it. */
export interface WrittenText {
  readonly parts: readonly (string | WrittenExpression)[]
}

/** What a workflow file says, before its expressions have values. */
export type Written =
  | null
  | boolean
  | number
  | string
  | WrittenExpression
  | WrittenText
  | readonly Written[]
  | { readonly [key: string]: Written }

export type WrittenMap = { readonly [key: string]: Written }

export function isExpression(written: Written | undefined): written is WrittenExpression {
  return isMap(written) && typeof written.expression === 'string' && Object.keys(written).length === 1
}

export function isText(written: Written | undefined): written is WrittenText {
  return isMap(written) && Array.isArray(written.parts) && Object.keys(written).length === 1
}

export function isMap(written: Written | undefined): written is WrittenMap {
  return typeof written === 'object' && written !== null && !Array.isArray(written)
}

/** A mapping, or an empty one where there is none. */
export function mapOf(written: Written | undefined): WrittenMap {
  return isMap(written) && !isExpression(written) && !isText(written) ? written : {}
}

export function listOf(written: Written | undefined): readonly Written[] {
  if (written === undefined || written === null) return []
  return Array.isArray(written) ? (written as readonly Written[]) : [written]
}

/** A text, where a number or a boolean is as good. */
export function textOf(written: Written | undefined): string | null {
  if (written === undefined || written === null || typeof written === 'object') return null
  return String(written)
}
