/** A file is no profile that can be used: what, where, and how to mend it. */
export class BadProfile extends Error {
  readonly mend: string
  constructor(message: string, mend: string) {
    super(message)
    this.name = 'BadProfile'
    this.mend = mend
  }
}
