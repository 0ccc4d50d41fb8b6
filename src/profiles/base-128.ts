const SAFE_BYTES = 7
const MOST_BYTES = 10

/**
 * Appends a whole number of 0 or more, seven bits a byte, the lowest first.
 *
 * @param bytes  changed
 */
export function writeNumber(bytes: number[], number: number | bigint): void {
  if (typeof number === 'bigint') {
    let left = number
    for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128)
    bytes.push(Number(left))
    return
  }
  let left = number
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  bytes.push(left)
}

/**
 * Reads what `writeNumber` wrote.
 *
 * @returns bigint for what took more than 7 bytes; undefined when the last number is cut off, or one is too long
 * @example readNumbers(Uint8Array.of(172, 2, 5)) // => [300, 5]
 */
export function readNumbers(bytes: Uint8Array): readonly (number | bigint)[] | undefined {
  const numbers: (number | bigint)[] = []
  let start = 0
  for (let end = 0; end < bytes.length; end++) {
    if (end - start >= MOST_BYTES) return undefined
    if (bytes[end]! > 127) continue
    numbers.push(end - start < SAFE_BYTES ? smallNumber(bytes, start, end) : largeNumber(bytes, start, end))
    start = end + 1
  }
  return start === bytes.length ? numbers : undefined
}

function smallNumber(bytes: Uint8Array, start: number, end: number): number {
  let number = 0
  for (let at = end; at >= start; at--) number = number * 128 + (bytes[at]! & 127)
  return number
}

function largeNumber(bytes: Uint8Array, start: number, end: number): bigint {
  let number = 0n
  for (let at = end; at >= start; at--) number = (number << 7n) | BigInt(bytes[at]! & 127)
  return number
}
