/** Why bytes are no protobuf message; `ends` is true when they stop in the middle of a field. */
export class ProtobufError extends Error {
  readonly ends: boolean
  constructor(message: string, ends = false) {
    super(message)
    this.name = 'ProtobufError'
    this.ends = ends
  }
}

/** Wire types of the Protocol Buffers encoding that ONNX uses. */
export const VARINT = 0
const FIXED64 = 1
export const BYTES = 2
const FIXED32 = 5

/**
 * Walks the fields of one message without copying it.
 *
 * Every step moves forward by at least one byte and no length may pass the end, so hostile bytes end in a
 * ProtobufError, never in a loop or a read outside the message. Groups (wire types 3 and 4) are refused.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufMessage {
  /** Number of the current field. */
  field = 0
  wire = VARINT
  /** Content of the current field when its wire type is BYTES. */
  bytes: Uint8Array = new Uint8Array(0)
  private value = 0n
  private at = 0
  private readonly message: Uint8Array

  constructor(message: Uint8Array) {
    this.message = message
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.at >= this.message.length) return false
    const tag = this.varint()
    if (tag > 0xffff_ffffn) throw new ProtobufError('a field number is out of range')
    this.field = Number(tag >> 3n)
    this.wire = Number(tag & 7n)
    if (this.field === 0) throw new ProtobufError('field number 0')
    this.readContent()
    return true
  }

  /** The current VARINT as a signed 64-bit number; exact below 2^53. */
  int(): number {
    return Number(BigInt.asIntN(64, this.value))
  }

  text(): string {
    return decoder.decode(this.bytes)
  }

  private readContent(): void {
    if (this.wire === VARINT) this.value = this.varint()
    else if (this.wire === FIXED64) this.skip(8)
    else if (this.wire === FIXED32) this.skip(4)
    else if (this.wire === BYTES) this.bytes = this.skip(this.length())
    else throw new ProtobufError(`wire type ${this.wire}`)
  }

  private length(): number {
    const length = this.varint()
    if (length > BigInt(this.message.length)) throw new ProtobufError('a length is larger than the message', true)
    return Number(length)
  }

  private skip(length: number): Uint8Array {
    const end = this.at + length
    if (end > this.message.length) throw new ProtobufError('the bytes end in the middle of a field', true)
    const content = this.message.subarray(this.at, end)
    this.at = end
    return content
  }

  private varint(): bigint {
    let low = 0
    let high = 0n
    for (let index = 0; index < 10; index++) {
      const byte = this.message[this.at++]
      if (byte === undefined) throw new ProtobufError('the bytes end in the middle of a number', true)
      if (index < 4) low += (byte & 0x7f) << (7 * index)
      else high |= BigInt(byte & 0x7f) << BigInt(7 * index)
      if (byte < 0x80) return index < 4 ? BigInt(low) : BigInt.asUintN(64, high | BigInt(low))
    }
    throw new ProtobufError('a number is longer than 10 bytes')
  }
}

/** Numbers of a packed repeated integer field. */
export function packedInts(bytes: Uint8Array): readonly number[] {
  const numbers: number[] = []
  for (let at = 0; at < bytes.length; ) {
    let value = 0n
    let shift = 0n
    for (let more = true; more; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63n) throw new ProtobufError('a packed number is broken', byte === undefined)
      value |= BigInt(byte & 0x7f) << shift
      more = byte >= 0x80
    }
    numbers.push(Number(BigInt.asIntN(64, value)))
  }
  return numbers
}

const decoder = new TextDecoder()
