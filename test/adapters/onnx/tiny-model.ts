import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { LocalFile } from '../../../src/ports.ts'

/** ONNX files written by hand, field by field, so that tests can say exactly what they hold. */

type Bytes = readonly number[]

export function varint(value: number | bigint): Bytes {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return bytes
}

export function number(field: number, value: number | bigint): Bytes {
  return [...varint(field << 3), ...varint(value)]
}

export function message(field: number, ...content: readonly (Bytes | string)[]): Bytes {
  const bytes = content.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part))
  return [...varint((field << 3) | 2), ...varint(bytes.length), ...bytes]
}

export const FLOAT = 1
export const INT32 = 6
export const INT64 = 7
export const STRING = 8
export const BOOL = 9
export const DOUBLE = 11

/** A dimension that is a text is symbolic. */
export function value(field: number, name: string, type: number, shape: readonly (number | string)[]): Bytes {
  const dimensions = shape.map((size) => message(1, typeof size === 'number' ? number(1, size) : message(2, size)))
  return message(field, message(1, name), message(2, message(1, number(1, type), message(2, ...dimensions))))
}

export const input = (name: string, type: number, shape: readonly (number | string)[]) => value(11, name, type, shape)
export const output = (name: string, type: number, shape: readonly (number | string)[]) => value(12, name, type, shape)

export function node(operator: string, inputs: readonly string[], outputs: readonly string[], ...rest: Bytes[]): Bytes {
  return message(
    1,
    ...inputs.map((name) => message(1, name)),
    ...outputs.map((name) => message(2, name)),
    message(4, operator),
    ...rest,
  )
}

export const integer = (name: string, of: number) => message(5, message(1, name), number(3, of), number(20, 2))

/** A model of one graph; `opsets` by domain. */
export function model(
  graph: readonly Bytes[],
  opsets: Readonly<Record<string, number>> = { '': 13 },
  irVersion = 8,
): Uint8Array {
  const imports = Object.entries(opsets).map(([domain, version]) => message(8, message(1, domain), number(2, version)))
  return Uint8Array.from([
    ...number(1, irVersion),
    ...message(2, 'by hand'),
    ...imports.flat(),
    ...message(7, ...graph, message(2, 'graph')),
  ])
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** The bytes as a fetched file, gone when the tests end. */
export function localFile(bytes: Uint8Array, name = 'model.onnx'): LocalFile {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-test-'))
  folders.push(folder)
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return { path, digest: digestOf(bytes), size_bytes: bytes.length }
}
