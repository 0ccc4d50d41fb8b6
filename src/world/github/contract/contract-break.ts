/** Something that was said breaks what GitHub publishes: a bug of whoever said it. */
export class ContractBreak extends Error {
  readonly problems: readonly string[]
  constructor(what: string, problems: readonly string[]) {
    super(`${what} breaks what GitHub publishes:\n${problems.slice(0, 20).join('\n')}`)
    this.name = 'ContractBreak'
    this.problems = problems
  }
}
