/**
 * A logistic regression as ONNX: reads a table's columns by name (numbers float32, categories text, each [N, 1]), makes a
 * column of each cut that a number lies above and of each value of a category, and answers `label` int64 [N] and
 * `probabilities` float32 [N, 2].
 *
 * Written field by field, as no exporter is at hand.
 *
 * @param {{numbers: {name: string, cuts: number[]}[], categories: {name: string, values: string[]}[], weights: ArrayLike<number>}} model
 *   weights: one for each cut, one for each value, and the intercept
 * @returns {Buffer}
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 */
export function logisticOnnx({ numbers, categories, weights }) {
  const width = weights.length - 1
  const above = numbers.flatMap(({ name }) => [
    node('Greater', [name, `${name}_cuts`], `${name}_is_above`),
    node('Cast', [`${name}_is_above`], `${name}_above`, [integer('to', FLOAT)]),
  ])
  const oneHot = categories.flatMap(({ name, values }) => [
    node('OneHotEncoder', [name], `${name}_cube`, [strings('cats_strings', values), integer('zeros', 1)], ML),
    node('Flatten', [`${name}_cube`], `${name}_one_hot`, [integer('axis', 1)]),
  ])
  const graph = message(
    ...[
      ...above,
      ...oneHot,
      node(
        'Concat',
        [...numbers.map(({ name }) => `${name}_above`), ...categories.map(({ name }) => `${name}_one_hot`)],
        'table',
        [integer('axis', 1)],
      ),
      node('MatMul', ['table', 'weights'], 'products'),
      node('Add', ['products', 'intercept'], 'margins'),
      node('Sigmoid', ['margins'], 'positive'),
      node('Sub', ['one', 'positive'], 'negative'),
      node('Concat', ['negative', 'positive'], 'probabilities', [integer('axis', 1)]),
      node('Greater', ['positive', 'half'], 'is_positive'),
      node('Squeeze', ['is_positive', 'columns'], 'flat'),
      node('Cast', ['flat'], 'label', [integer('to', INT64)]),
    ].map((one) => bytes(1, one)),
    text(2, 'logistic_regression'),
    ...[
      tensor('one', [1], [1]),
      tensor('half', [1], [0.5]),
      ...numbers.map(({ name, cuts }) => tensor(`${name}_cuts`, [1, cuts.length], cuts)),
      tensor('weights', [width, 1], Array.from(weights).slice(0, width)),
      tensor('intercept', [1], [weights[width]]),
      integers('columns', [1]),
    ].map((one) => bytes(5, one)),
    ...numbers.map(({ name }) => bytes(11, value(name, FLOAT, [null, 1]))),
    ...categories.map(({ name }) => bytes(11, value(name, STRING, [null, 1]))),
    bytes(12, value('label', INT64, [null])),
    bytes(12, value('probabilities', FLOAT, [null, 2])),
  )
  const opsets = [message(text(1, ''), whole(2, 13)), message(text(1, ML), whole(2, 2))]
  return message(whole(1, 7), text(2, 'weighbridge-demo'), bytes(7, graph), ...opsets.map((one) => bytes(8, one)))
}

const FLOAT = 1
const INT64 = 7
const STRING = 8
const ML = 'ai.onnx.ml'

function node(operator, inputs, output, attributes = [], domain = '') {
  return message(
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, operator),
    ...attributes.map((one) => bytes(5, one)),
    text(7, domain),
  )
}

function integer(name, number) {
  return message(text(1, name), whole(3, number), whole(20, 2))
}

function strings(name, values) {
  return message(text(1, name), ...values.map((one) => text(9, one)), whole(20, 8))
}

function tensor(name, dimensions, values) {
  const raw = Buffer.from(Float32Array.from(values).buffer)
  return message(...dimensions.map((size) => whole(1, size)), whole(2, FLOAT), text(8, name), bytes(9, raw))
}

function integers(name, values) {
  const raw = Buffer.from(BigInt64Array.from(values.map(BigInt)).buffer)
  return message(whole(1, values.length), whole(2, INT64), text(8, name), bytes(9, raw))
}

/** null: as many as there are rows. */
function value(name, type, dimensions) {
  const sizes = dimensions.map((size) => bytes(1, size === null ? text(2, 'N') : whole(1, size)))
  return message(text(1, name), bytes(2, message(bytes(1, message(whole(1, type), bytes(2, message(...sizes)))))))
}

function message(...fields) {
  return Buffer.concat(fields)
}

function whole(field, number) {
  return Buffer.concat([varint(field << 3), varint(number)])
}

function text(field, content) {
  return bytes(field, Buffer.from(content))
}

function bytes(field, content) {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

function varint(number) {
  const parts = []
  let left = number
  do {
    parts.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
    left >>>= 7
  } while (left > 0)
  return Buffer.from(parts)
}
