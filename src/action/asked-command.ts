import type { FailOn } from './own-inputs.ts'

/** What a workflow asks for, as far as it can be said without doing it. */
export interface AskedCommand {
  readonly name: string
  /** What was given, as the command line would take it; one entry for each line of an input that may hold several. */
  readonly inputs: ReadonlyMap<string, readonly string[]>
  readonly token: string
  readonly failOn: FailOn
}

/** The one value of an input; undefined when it was not given. */
export function givenText({ inputs }: Pick<AskedCommand, 'inputs'>, name: string): string | undefined {
  return inputs.get(name)?.[0]
}
