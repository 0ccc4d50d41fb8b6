/** What goes wrong from now on, for keys that contain the text. */
export interface StoreFaults {
  /** The body breaks off in its middle, `cutTimes` times (default once). */
  cutOff?: string
  cutTimes?: number
  /** Half of the body comes, then nothing more. */
  standStill?: string
  /** Sent elsewhere: to an address that only machines of a cloud can reach. */
  redirect?: string
  /** 503 SlowDown. */
  failing?: string
  /** A conditional write meets another: 409 ConditionalRequestConflict. */
  conflicting?: string
  /** The write happens, its answer is lost. */
  answerLost?: string
  /** Every page of a listing says that another follows. */
  endlessList?: boolean
  /** Conditions of writes are not looked at, as some clones of S3 do. */
  ignoresConditions?: boolean
}

export function hits(fault: string | undefined, key: string): boolean {
  return fault !== undefined && key.includes(fault)
}
