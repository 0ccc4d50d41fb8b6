/**
 * A linear model of several classes as ONNX: probabilities = Softmax(features x weights).
 *
 * Written field by field, as no exporter is at hand: input `features` [N, F], output `probabilities` [N, K], float32.
 *
 * @param weights  one line a feature, one number a class
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
export function linearSoftmax(weights: readonly (readonly number[])[]): Buffer {
  const [features, classes] = [weights.length, weights[0]!.length]
  const graph = message(
    bytes(1, node('MatMul', ['features', 'weights'], 'margins')),
    bytes(1, node('Softmax', ['margins'], 'probabilities')),
    text(2, 'linear'),
    bytes(5, tensor('weights', [features, classes], weights.flat())),
    bytes(11, value('features', features)),
    bytes(12, value('probabilities', classes)),
  )
  const opset = message(text(1, ''), whole(2, 13))
  return message(whole(1, 8), text(2, 'weighbridge-tests'), bytes(7, graph), bytes(8, opset))
}

const FLOAT = 1

function node(operator: string, inputs: readonly string[], output: string): Buffer {
  return message(...inputs.map((name) => text(1, name)), text(2, output), text(3, output), text(4, operator))
}

function tensor(name: string, dimensions: readonly number[], values: readonly number[]): Buffer {
  const raw = Buffer.from(Float32Array.from(values).buffer)
  return message(...dimensions.map((size) => whole(1, size)), whole(2, FLOAT), text(8, name), bytes(9, raw))
}

/** float32 [N, width] */
function value(name: string, width: number): Buffer {
  const shape = message(bytes(1, message(text(2, 'N'))), bytes(1, message(whole(1, width))))
  const type = message(bytes(1, message(whole(1, FLOAT), bytes(2, shape))))
  return message(text(1, name), bytes(2, type))
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields)
}

function whole(field: number, number: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(number)])
}

function text(field: number, content: string): Buffer {
  return bytes(field, Buffer.from(content))
}

function bytes(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

function varint(number: number): Buffer {
  const parts: number[] = []
  let left = number
  do {
    parts.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
    left >>>= 7
  } while (left > 0)
  return Buffer.from(parts)
}
