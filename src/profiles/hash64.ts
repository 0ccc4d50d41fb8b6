/** Two 32-bit words that a value was mixed into. */
export interface Hash64 {
  readonly high: number
  readonly low: number
}

/**
 * Mixes 32 bits so that each of them changes about half of all: the last step of MurmurHash3.
 *
 * @returns 32 bits, unsigned
 * @example mixed32(1) // => 1364076727
 */
export function mixed32(word: number): number {
  let x = word
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/**
 * A 64-bit hash of a text, over its UTF-16 units.
 *
 * Two MurmurHash3-like lanes with different factors, each mixed with the other at the end. It guards against chance,
 * not against people who look for collisions: these make a count wrong, no more.
 *
 * @example hashOfText('').high // => 1123702251
 */
export function hashOfText(text: string): Hash64 {
  let [a, b] = [0x9e3779b9, 0x7f4a7c15]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x85ebca77)
    b = Math.imul(b ^ unit, 0xc2b2ae3d)
    a ^= a >>> 15
    b ^= b >>> 13
  }
  return hashOfWords(a ^ text.length, b)
}

/**
 * A 64-bit hash of two words; different words never share one.
 *
 * Three rounds of a Feistel network.
 *
 * @example hashOfWords(0, 0).high // => 1813282799
 */
export function hashOfWords(high: number, low: number): Hash64 {
  const a = (high ^ mixed32(low + 0x9e3779b9)) >>> 0
  const b = (low ^ mixed32(a + 0x7f4a7c15)) >>> 0
  return { high: (a ^ mixed32(b + 0x94d049bb)) >>> 0, low: b }
}
