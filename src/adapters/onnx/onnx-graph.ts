import type { Tensor } from '../../registry/record.ts'
import { readValueInfo } from './onnx-types.ts'
import { BYTES, ProtobufError, ProtobufMessage, packedInts, VARINT } from './protobuf.ts'

/** What an ONNX file says of itself, read without running or loading anything. */
export interface OnnxGraph {
  readonly ir_version: number
  /** Version by domain; the default domain is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>
  readonly producer: string
  /** What a caller must give: graph inputs that no initializer fills. */
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  /** How often each operator occurs, subgraphs and functions included; other domains than ai.onnx as `domain.Operator`. */
  readonly operators: Readonly<Record<string, number>>
  /** Stored numbers: elements of initializers and constants, and lists of floats in attributes. */
  readonly parameters: number
  /** Locations of tensors whose bytes are not in this file; [''] when they name none. */
  readonly external: readonly string[]
}

const MAX_VALUES = 4096
const MAX_NAMES = 2048
const DEEPEST_GRAPH = 24

interface Collected {
  ir_version: number
  producer: string[]
  readonly opsets: Map<string, number>
  readonly inputs: Tensor[]
  readonly outputs: Tensor[]
  readonly filled: Set<string>
  readonly operators: Map<string, number>
  parameters: number
  readonly external: Set<string>
}

/**
 * Reads an ONNX ModelProto.
 *
 * One walk over the fields that matter, nested graphs, functions and training graphs included, so that a tensor
 * with external data is found wherever it hides. Cost grows with the bytes; depth and lists are bounded.
 *
 * @throws {ProtobufError} when the bytes are no ModelProto, or one with more than any real model has
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function readOnnxGraph(bytes: Uint8Array): OnnxGraph {
  const found = emptyCollection()
  const message = new ProtobufMessage(bytes)
  while (message.next()) readModelField(message, found)
  if (found.outputs.length === 0) throw new ProtobufError('it has no graph with outputs')
  return {
    ir_version: found.ir_version,
    opsets: Object.fromEntries(found.opsets),
    producer: found.producer.filter(Boolean).join(' '),
    inputs: found.inputs.filter((input) => !found.filled.has(input.name)),
    outputs: found.outputs,
    operators: Object.fromEntries([...found.operators].sort(([a], [b]) => (a < b ? -1 : 1))),
    parameters: found.parameters,
    external: [...found.external].sort().filter((location, _, all) => location !== '' || all.length === 1),
  }
}

function emptyCollection(): Collected {
  return {
    ir_version: 0,
    producer: ['', ''],
    opsets: new Map(),
    inputs: [],
    outputs: [],
    filled: new Set(),
    operators: new Map(),
    parameters: 0,
    external: new Set(),
  }
}

function readModelField(message: ProtobufMessage, found: Collected): void {
  if (message.wire === VARINT && message.field === 1) found.ir_version = message.int()
  if (message.wire !== BYTES) return
  if (message.field === 2) found.producer[0] = message.text().slice(0, 128)
  if (message.field === 3) found.producer[1] = message.text().slice(0, 128)
  if (message.field === 7) readGraph(message.bytes, found, 0)
  if (message.field === 8) readOpset(message.bytes, found)
  if (message.field === 20) readTraining(message.bytes, found)
  if (message.field === 25) readFunction(message.bytes, found)
}

function readOpset(bytes: Uint8Array, found: Collected): void {
  const message = new ProtobufMessage(bytes)
  let domain = ''
  let version = 0
  while (message.next()) {
    if (message.field === 1 && message.wire === BYTES) domain = message.text().slice(0, 128)
    if (message.field === 2 && message.wire === VARINT) version = message.int()
  }
  const name = domain === '' ? 'ai.onnx' : domain
  bounded(found.opsets, name, 'operator sets')
  found.opsets.set(name, Math.max(version, found.opsets.get(name) ?? 0))
}

function readTraining(bytes: Uint8Array, found: Collected): void {
  const message = new ProtobufMessage(bytes)
  while (message.next())
    if ((message.field === 1 || message.field === 2) && message.wire === BYTES) readGraph(message.bytes, found, 1)
}

function readFunction(bytes: Uint8Array, found: Collected): void {
  const message = new ProtobufMessage(bytes)
  while (message.next()) {
    if (message.wire !== BYTES) continue
    if (message.field === 7) readNode(message.bytes, found, 1)
    if (message.field === 9) readOpset(message.bytes, found)
    if (message.field === 11) readAttribute(message.bytes, found, 1)
  }
}

/** Depth 0 is the model's own graph; only its inputs and outputs are the signature. */
function readGraph(bytes: Uint8Array, found: Collected, depth: number): void {
  if (depth > DEEPEST_GRAPH) throw new ProtobufError(`graphs are nested deeper than ${DEEPEST_GRAPH}`)
  const message = new ProtobufMessage(bytes)
  while (message.next()) {
    if (message.wire !== BYTES) continue
    if (message.field === 1) readNode(message.bytes, found, depth)
    if (message.field === 5) fill(readTensor(message.bytes, found), found, depth)
    if (message.field === 15) fill(readSparse(message.bytes, found), found, depth)
    if (depth === 0 && message.field === 11) push(found.inputs, readValueInfo(message.bytes))
    if (depth === 0 && message.field === 12) push(found.outputs, readValueInfo(message.bytes))
  }
}

function readNode(bytes: Uint8Array, found: Collected, depth: number): void {
  const message = new ProtobufMessage(bytes)
  let operator = ''
  let domain = ''
  while (message.next()) {
    if (message.wire !== BYTES) continue
    if (message.field === 4) operator = message.text().slice(0, 128)
    if (message.field === 5) readAttribute(message.bytes, found, depth)
    if (message.field === 7) domain = message.text().slice(0, 128)
  }
  const name = domain === '' || domain === 'ai.onnx' ? operator : `${domain}.${operator}`
  bounded(found.operators, name, 'kinds of operators')
  found.operators.set(name, (found.operators.get(name) ?? 0) + 1)
}

function readAttribute(bytes: Uint8Array, found: Collected, depth: number): void {
  const message = new ProtobufMessage(bytes)
  while (message.next()) {
    if (message.field === 7) found.parameters += message.wire === BYTES ? message.bytes.length / 4 : 1
    if (message.wire !== BYTES) continue
    if (message.field === 5 || message.field === 10) readTensor(message.bytes, found)
    if (message.field === 6 || message.field === 11) readGraph(message.bytes, found, depth + 1)
    if (message.field === 22 || message.field === 23) readSparse(message.bytes, found)
  }
}

/** Counts a tensor's elements, notes external data, and returns its name. */
function readTensor(bytes: Uint8Array, found: Collected): string {
  const message = new ProtobufMessage(bytes)
  let name = ''
  let elements = 1
  while (message.next()) {
    if (message.field === 1) for (const size of dimensions(message)) elements *= Math.max(0, size)
    if (message.field === 8 && message.wire === BYTES) name = message.text().slice(0, 256)
    if (message.field === 13 && message.wire === BYTES) readExternal(message.bytes, found)
    if (message.field === 14 && message.wire === VARINT && message.int() !== 0) found.external.add('')
  }
  found.parameters += Number.isSafeInteger(elements) ? elements : 0
  return name
}

function dimensions(message: ProtobufMessage): readonly number[] {
  if (message.wire === VARINT) return [message.int()]
  return message.wire === BYTES ? packedInts(message.bytes) : []
}

/** A StringStringEntryProto of `external_data`: any entry means external data, `location` says where (else ''). */
function readExternal(bytes: Uint8Array, found: Collected): void {
  const message = new ProtobufMessage(bytes)
  let key = ''
  let value = ''
  while (message.next()) {
    if (message.field === 1 && message.wire === BYTES) key = message.text()
    if (message.field === 2 && message.wire === BYTES) value = message.text()
  }
  if (found.external.size < MAX_VALUES) found.external.add(key === 'location' ? value.slice(0, 1024) : '')
}

function readSparse(bytes: Uint8Array, found: Collected): string {
  const message = new ProtobufMessage(bytes)
  let name = ''
  while (message.next()) {
    if (message.wire !== BYTES) continue
    if (message.field === 1) name = readTensor(message.bytes, found)
    if (message.field === 2) readTensor(message.bytes, found)
  }
  return name
}

function fill(name: string, found: Collected, depth: number): void {
  if (depth === 0 && name !== '') found.filled.add(name)
}

function push(list: Tensor[], tensor: Tensor): void {
  if (list.length === MAX_VALUES) throw new ProtobufError(`it has more than ${MAX_VALUES} inputs or outputs`)
  list.push(tensor)
}

function bounded(map: ReadonlyMap<string, unknown>, name: string, what: string): void {
  if (map.size >= MAX_NAMES && !map.has(name)) throw new ProtobufError(`it has more than ${MAX_NAMES} ${what}`)
}
