import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { InferenceSession } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { readOnnxGraph } from '../../../src/adapters/onnx/onnx-graph.ts'
import { ProtobufError } from '../../../src/adapters/onnx/protobuf.ts'
import { NEWEST_IR_VERSION, NEWEST_OPSETS } from '../../../src/adapters/onnx/runtime-support.ts'
import { fixture } from '../../support/fixtures.ts'
import * as tiny from './tiny-model.ts'

const WHOLE = new Uint8Array(readFileSync(fixture('elec2/models/1.2.0.onnx')))

/** Reads, and lets nothing but the one kind of refusal through. */
function readOrRefuse(bytes: Uint8Array): 'read' | 'refused' {
  try {
    readOnnxGraph(bytes)
    return 'read'
  } catch (error) {
    if (error instanceof ProtobufError) return 'refused'
    throw error
  }
}

test('any bytes at all are read or refused, never a crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readOrRefuse(bytes) !== undefined),
    { numRuns: 3000 },
  )
})

test('a model with a few changed bytes is read or refused', () => {
  const change = fc.tuple(fc.nat(WHOLE.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const bytes = WHOLE.slice()
      for (const [at, value] of changes) bytes[at] = value
      return readOrRefuse(bytes) !== undefined
    }),
    { numRuns: 1000 },
  )
})

test('a model cut anywhere but at its very end is refused, and says that it ends', () => {
  for (let length = 1; length < WHOLE.length - 20; length += 97)
    expect(readOrRefuse(WHOLE.slice(0, length))).toBe('refused')
})

test('graphs nested without end are refused', () => {
  let graph: readonly number[] = tiny.output('y', tiny.FLOAT, [1])
  for (let depth = 0; depth < 200; depth++) graph = tiny.message(1, tiny.message(5, tiny.message(6, graph)))
  expect(() => readOnnxGraph(tiny.model([graph]))).toThrow('nested deeper')
})

test('a length near 2^64 is refused, not allocated', () => {
  expect(() => readOnnxGraph(Uint8Array.from([0x3a, ...tiny.varint(2n ** 64n - 1n)]))).toThrow(ProtobufError)
})

test('a million small fields take less than a second or two', () => {
  const floats = new Uint8Array(5_000_000).map((_, index) => (index % 5 === 0 ? (7 << 3) | 5 : 0))
  const header = [...tiny.varint((5 << 3) | 2), ...tiny.varint(floats.length)]
  const node = Buffer.concat([Buffer.from(header), floats])
  const graph = Buffer.concat([
    Buffer.from([(1 << 3) | 2, ...tiny.varint(node.length)]),
    node,
    Buffer.from(tiny.output('y', 1, [1])),
  ])
  const started = performance.now()
  const { parameters } = readOnnxGraph(
    Buffer.concat([Buffer.from([(7 << 3) | 2, ...tiny.varint(graph.length)]), graph]),
  )
  expect(parameters).toBe(1_000_000)
  expect(performance.now() - started).toBeLessThan(3000)
})

const external = (field: number, entry: readonly number[]) =>
  tiny.message(field, tiny.number(2, 1), tiny.message(8, 'w'), entry)
const location = tiny.message(13, tiny.message(1, 'location'), tiny.message(2, 'weights.bin'))
const inner = tiny.message(5, tiny.message(6, external(5, location)))

test.each([
  ['an initializer', external(5, location)],
  ['an initializer that only says EXTERNAL', external(5, tiny.number(14, 1))],
  ['a constant of a node', tiny.message(1, tiny.message(5, external(5, location)))],
  ['a list of constants of a node', tiny.message(1, tiny.message(5, external(10, location)))],
  ['a branch of a node', tiny.message(1, inner)],
  ['a branch in a branch', tiny.message(1, tiny.message(5, tiny.message(11, tiny.message(1, inner))))],
  ['a sparse initializer', tiny.message(15, external(1, location))],
])('external data is found in %s', (_, part) => {
  expect(readOnnxGraph(tiny.model([part, tiny.output('y', 1, [1])])).external).toEqual([
    part.includes(119) && part.includes(46) ? 'weights.bin' : '',
  ])
})

test('external data is found in functions, in training graphs and in a second graph field', () => {
  const graph = tiny.model([tiny.output('y', 1, [1])])
  const hidden = tiny.message(1, tiny.message(5, external(5, location)))
  for (const part of [
    tiny.message(25, tiny.message(7, hidden.slice(2))),
    tiny.message(20, tiny.message(1, hidden)),
    tiny.message(7, hidden),
  ])
    expect(readOnnxGraph(Uint8Array.from([...graph, ...part])).external).toEqual(['weights.bin'])
})

test('inputs that an initializer fills are not asked of callers', () => {
  const weights = tiny.message(5, tiny.number(1, 2), tiny.number(1, 3), tiny.number(2, 1), tiny.message(8, 'w'))
  const graph = readOnnxGraph(
    tiny.model([
      tiny.input('x', tiny.FLOAT, ['N', 2]),
      tiny.input('w', tiny.FLOAT, [2, 3]),
      weights,
      tiny.output('y', tiny.FLOAT, ['N', 3]),
    ]),
  )
  expect(graph.inputs).toEqual([{ name: 'x', type: 'float32', shape: [null, 2] }])
  expect(graph.parameters).toBe(6)
})

test('an operator named __proto__ is counted like any other', () => {
  const { operators } = readOnnxGraph(tiny.model([tiny.node('__proto__', [], []), tiny.output('y', 1, [1])]))
  expect(Object.entries(operators)).toEqual([['__proto__', 1]])
  expect(Object.getPrototypeOf(operators)).toBe(Object.prototype)
})

const plain = (opsets: Record<string, number>, irVersion = 8) =>
  tiny.model(
    [tiny.node('Identity', ['x'], ['y']), tiny.input('x', tiny.FLOAT, [1]), tiny.output('y', tiny.FLOAT, [1])],
    opsets,
    irVersion,
  )
const opens = (bytes: Uint8Array) =>
  InferenceSession.create(bytes, { logSeverityLevel: 4 }).then(
    () => true,
    () => false,
  )

test('the newest versions that are refused here are those that the runtime refuses', async () => {
  for (const [domain, newest] of Object.entries(NEWEST_OPSETS)) {
    const name = domain === 'ai.onnx' ? '' : domain
    expect([domain, await opens(plain({ '': 13, [name]: newest }))]).toEqual([domain, true])
    expect([domain, await opens(plain({ '': 13, [name]: newest + 1 }))]).toEqual([domain, false])
  }
  expect(await opens(plain({ '': 13 }, NEWEST_IR_VERSION))).toBe(true)
  expect(await opens(plain({ '': 13 }, NEWEST_IR_VERSION + 1))).toBe(false)
})
