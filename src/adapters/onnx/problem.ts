import type { ArtifactFacts } from '../../gates/evidence.ts'

/** One thing that is wrong with an artifact's bytes. */
export type Problem = ArtifactFacts['problems'][number]

/** Text out of a file, safe to put into a sentence: one line, no control or bidirectional characters, not long. */
export function quoted(text: string, longest = 120): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
  return plain.length > longest ? `${plain.slice(0, longest - 3)}...` : plain
}

/** `[?, 14]`; a free dimension is `?`. */
export function shapeText(shape: readonly (number | string | null)[]): string {
  return `[${shape.map((size) => (typeof size === 'number' ? size : '?')).join(', ')}]`
}
