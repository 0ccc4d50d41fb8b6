export type BadTableCode =
  | 'empty'
  | 'no-rows'
  | 'pointer'
  | 'not-data'
  | 'format'
  | 'codec'
  | 'columns'
  | 'nested'
  | 'types'
  | 'ragged'
  | 'encoding'
  | 'too-large'
  | 'where'

/** A table that is there and can't be used as it is: what, in which line where that is known, and how to mend it. */
export class BadTable extends Error {
  readonly code: BadTableCode
  readonly mend: string
  /** 1-based line of the file as editors count it. */
  readonly line: number | null
  constructor(code: BadTableCode, message: string, mend: string, line: number | null = null) {
    super(message)
    this.name = 'BadTable'
    this.code = code
    this.mend = mend
    this.line = line
  }
}
