import type { Tensor } from '../../registry/record.ts'
import { BYTES, ProtobufError, ProtobufMessage, VARINT } from './protobuf.ts'

/** Names of TensorProto.DataType as signatures write them, by number. */
const ELEMENT_TYPES: readonly string[] = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
]

/** What people write in records for the same types. */
const ALIASES: Readonly<Record<string, string>> = {
  float: 'float32',
  double: 'float64',
  boolean: 'bool',
  str: 'string',
  half: 'float16',
  long: 'int64',
  int: 'int32',
}

/** `tensor(float)` and `double` as signatures write them: float32, float64. */
export function typeWord(written: string): string {
  const inner = written.toLowerCase().replace(/^tensor\((.*)\)$/, '$1')
  return Object.hasOwn(ALIASES, inner) ? ALIASES[inner]! : inner
}

/** Whether the runtime hands a value of this type over: sequences, maps and optionals it does not. */
export function isTensorType(type: string): boolean {
  return !/^(sequence|map|optional|sparse|unknown)\b/.test(type)
}

const MAX_RANK = 64
const DEEPEST_TYPE = 8

/** Reads a ValueInfoProto: name, element type, shape; a dimension without a number is null. */
export function readValueInfo(bytes: Uint8Array): Tensor {
  const message = new ProtobufMessage(bytes)
  let name = ''
  let type: Typed = { type: 'unknown', shape: [] }
  while (message.next()) {
    if (message.wire !== BYTES) continue
    if (message.field === 1) name = message.text().slice(0, 256)
    if (message.field === 2) type = readType(message.bytes, 0)
  }
  return { name, type: type.type, shape: [...type.shape] }
}

interface Typed {
  readonly type: string
  readonly shape: readonly (number | null)[]
}

function readType(bytes: Uint8Array, depth: number): Typed {
  if (depth > DEEPEST_TYPE) throw new ProtobufError('a type is nested too deeply')
  const message = new ProtobufMessage(bytes)
  let type: Typed = { type: 'unknown', shape: [] }
  while (message.next()) {
    if (message.wire !== BYTES) continue
    if (message.field === 1) type = readTensorType(message.bytes)
    if (message.field === 4) type = { type: `sequence(${readElement(message.bytes, 1, depth)})`, shape: [] }
    if (message.field === 5) type = { type: readMapType(message.bytes, depth), shape: [] }
    if (message.field === 8) type = { type: 'sparse', shape: [] }
    if (message.field === 9) type = { type: `optional(${readElement(message.bytes, 1, depth)})`, shape: [] }
  }
  return type
}

function readElement(bytes: Uint8Array, field: number, depth: number): string {
  const message = new ProtobufMessage(bytes)
  let type = 'unknown'
  while (message.next())
    if (message.field === field && message.wire === BYTES) type = readType(message.bytes, depth + 1).type
  return type
}

function readMapType(bytes: Uint8Array, depth: number): string {
  const message = new ProtobufMessage(bytes)
  let key = 'unknown'
  while (message.next()) if (message.field === 1 && message.wire === VARINT) key = elementType(message.int())
  return `map(${key},${readElement(bytes, 2, depth)})`
}

function readTensorType(bytes: Uint8Array): Typed {
  const message = new ProtobufMessage(bytes)
  let type = 'undefined'
  let shape: readonly (number | null)[] = []
  while (message.next()) {
    if (message.field === 1 && message.wire === VARINT) type = elementType(message.int())
    if (message.field === 2 && message.wire === BYTES) shape = readShape(message.bytes)
  }
  return { type, shape }
}

function readShape(bytes: Uint8Array): readonly (number | null)[] {
  const message = new ProtobufMessage(bytes)
  const shape: (number | null)[] = []
  while (message.next()) {
    if (message.field !== 1 || message.wire !== BYTES) continue
    if (shape.length === MAX_RANK) throw new ProtobufError(`a shape has more than ${MAX_RANK} dimensions`)
    shape.push(readDimension(message.bytes))
  }
  return shape
}

function readDimension(bytes: Uint8Array): number | null {
  const message = new ProtobufMessage(bytes)
  let size: number | null = null
  while (message.next()) if (message.field === 1 && message.wire === VARINT) size = message.int()
  return size === null || size < 0 ? null : size
}

function elementType(number: number): string {
  return ELEMENT_TYPES[number] ?? `type${number}`
}
