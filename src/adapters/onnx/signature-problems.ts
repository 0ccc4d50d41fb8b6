import type { Tensor, VersionRecord } from '../../registry/record.ts'
import { typeWord } from './onnx-types.ts'
import { type Problem, quoted, shapeText } from './problem.ts'

type Side = 'input' | 'output'

/**
 * Where a file's inputs and outputs differ from what the record says callers may rely on.
 *
 * Names, element types, ranks and fixed sizes are compared; a symbolic size (null, a name) agrees with any.
 */
export function signatureProblems(
  recorded: NonNullable<VersionRecord['signature']>,
  found: { readonly inputs: readonly Tensor[]; readonly outputs: readonly Tensor[] },
): readonly Problem[] {
  return [
    ...sideProblems('input', recorded.inputs, found.inputs),
    ...sideProblems('output', recorded.outputs, found.outputs),
  ]
}

function sideProblems(side: Side, recorded: readonly Tensor[], found: readonly Tensor[]): readonly Problem[] {
  const foundNames = new Map(found.map((tensor) => [tensor.name, tensor]))
  const recordedNames = new Set(recorded.map((tensor) => tensor.name))
  const absent = recorded.filter((tensor) => !foundNames.has(tensor.name))
  const surplus = found.filter((tensor) => !recordedNames.has(tensor.name))
  const named = nameProblem(side, absent, surplus)
  const typed = recorded.flatMap((tensor) => {
    const other = foundNames.get(tensor.name)
    return other === undefined ? [] : tensorProblems(side, tensor, other)
  })
  return named === null ? typed : [named, ...typed]
}

function nameProblem(side: Side, absent: readonly Tensor[], surplus: readonly Tensor[]): Problem | null {
  if (absent.length === 0 && surplus.length === 0) return null
  return problem(`the file has ${names(side, surplus)} where the record says ${names(side, absent)}`)
}

function names(side: Side, tensors: readonly Tensor[]): string {
  if (tensors.length === 0) return `no such ${side}`
  const listed = tensors.slice(0, 20).map((tensor) => `\`${quoted(tensor.name)}\``)
  return `${side}${tensors.length > 1 ? 's' : ''} ${listed.join(', ')}${tensors.length > 20 ? ', ...' : ''}`
}

function tensorProblems(side: Side, recorded: Tensor, found: Tensor): readonly Problem[] {
  const name = quoted(found.name)
  if (typeWord(recorded.type) !== typeWord(found.type))
    return [problem(`${side} \`${name}\` is ${found.type} in the file, the record says ${quoted(recorded.type)}`)]
  if (shapesAgree(recorded.shape, found.shape)) return []
  const both = `${shapeText(found.shape)} in the file, the record says ${shapeText(recorded.shape)}`
  return [problem(`${side} \`${name}\` has shape ${both}`)]
}

function shapesAgree(recorded: Tensor['shape'], found: Tensor['shape']): boolean {
  if (recorded.length !== found.length) return false
  return recorded.every((size, index) => {
    const other = found[index]
    return typeof size !== 'number' || typeof other !== 'number' || size < 0 || size === other
  })
}

function problem(what: string): Problem {
  return { code: 'signature', what, mend: 'Export the model again, or record the signature that callers will meet.' }
}
