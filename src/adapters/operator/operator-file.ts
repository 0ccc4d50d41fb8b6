import { dirname, resolve } from 'node:path'
import { type Operator, operatorKind } from '../../operator/operator-file.ts'
import { readFile } from '../../registry/file-kind.ts'
import { type Mistake, printMistake } from '../../registry/mistake.ts'
import { readSourceText } from '../../registry/source-text.ts'
import { watchFile } from './watched-file.ts'

/** The operator's file as it is now; paths in it are absolute. */
export interface OperatorFile {
  /** null where no file is named: then only `file:` is granted. */
  current(): Operator | null
}

/** The operator's file has mistakes, each with its place. */
export class InvalidOperatorFile extends Error {
  readonly mistakes: readonly Mistake[]
  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(printMistake).join('\n'))
    this.name = 'InvalidOperatorFile'
    this.mistakes = mistakes
  }
}

/**
 * Opens the operator's file, and reads it again when it changes.
 *
 * @param path  null: no file
 * @param told  hears of a changed file with mistakes; the one before stays in force
 * @throws {InvalidOperatorFile} when it has mistakes at the start
 */
export function openOperatorFile(path: string | null, told: (because: unknown) => void): OperatorFile {
  if (path === null) return { current: () => null }
  return watchFile(path, (bytes) => parsed(path, bytes), told)
}

function parsed(path: string, bytes: Uint8Array): Operator {
  const source = readSourceText(path, bytes)
  if (!source.ok) throw new InvalidOperatorFile(source.mistakes)
  const reading = readFile(operatorKind, path, source.text)
  if (!reading.ok) throw new InvalidOperatorFile(reading.mistakes)
  return placed(reading.value, dirname(resolve(path)))
}

/** Files that it names lie beside it, unless their path says otherwise. */
function placed(operator: Operator, folder: string): Operator {
  const { seal_key_file: seal, ledger, metrics } = operator
  return {
    ...operator,
    ...(seal !== undefined && { seal_key_file: [seal].flat().map((file) => resolve(folder, file)) }),
    ...(ledger && { ledger: { ...ledger, signing_key_file: resolve(folder, ledger.signing_key_file) } }),
    ...(metrics && {
      metrics: Object.fromEntries(
        Object.entries(metrics).map(([name, { url, token_file }]) => [
          name,
          { url, ...(token_file !== undefined && { token_file: resolve(folder, token_file) }) },
        ]),
      ),
    }),
  }
}
