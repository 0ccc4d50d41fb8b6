import { createRequire } from 'node:module'
import { Unavailable } from '../ports.ts'

/** Parts that npm has for some machines only, so that an install may be without them. */
const NATIVE_PARTS = {
  '@duckdb/node-api': 'DuckDB, which reads tables,',
  'onnxruntime-node': 'the ONNX runtime, which runs models,',
} as const

const { resolve } = createRequire(import.meta.url)

/** @throws {Unavailable} when a part is not installed here, with the way to have it */
export function needNativePart(name: keyof typeof NATIVE_PARTS, found: (name: string) => unknown = resolve): void {
  try {
    found(name)
  } catch {
    throw new Unavailable(
      'unreachable',
      `${NATIVE_PARTS[name]} is not installed here (${name})`,
      'Run npm ci without --omit=optional where weighbridge lies; in a workflow: command: setup with native: true.',
    )
  }
}
