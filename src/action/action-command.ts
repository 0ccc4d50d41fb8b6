import type { OptionSpec } from '../cli/command.ts'
import type { AskedCommand } from './asked-command.ts'
import type { StepAnswer } from './step-answer.ts'
import type { StepContext } from './step-context.ts'

/** One value of the input `command`; action.yml, the README table and the check of inputs derive from it. */
export interface ActionCommand {
  readonly name: string
  readonly about: string
  /** It reads tables or runs models: DuckDB and the ONNX runtime must be installed. */
  readonly needsNative: boolean
  /** What it takes besides the inputs that all take. */
  readonly inputs: Readonly<Record<string, OptionSpec>>
  /** Names of the outputs that it sets besides `status` and `because`. */
  readonly outputs: readonly string[]
  readonly load: () => Promise<{ readonly run: (asked: AskedCommand, step: StepContext) => Promise<StepAnswer> }>
}
