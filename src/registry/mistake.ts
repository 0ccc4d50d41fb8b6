/** Where something stands: 1-based line and column in a file of a snapshot. */
export interface Place {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** One mistake in a file of ours, always with a way out. */
export interface Mistake extends Place {
  /** Dotted path inside the document, `gates.metrics[1].max_drop`; empty for the document itself. */
  readonly where: string
  readonly what: string
  readonly mend: string
  readonly severity: 'error' | 'warning'
}

/** `policies/production.yml:6:5 gates[1].max_ms: unknown key. Did you mean maxMs?` */
export function printMistake(mistake: Mistake): string {
  const where = mistake.where === '' ? '' : ` ${mistake.where}:`
  const mend = mistake.mend === '' ? '' : ` ${mistake.mend}`
  return `${mistake.path}:${mistake.line}:${mistake.column}${where} ${mistake.what}.${mend}`
}
