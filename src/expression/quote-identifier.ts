/**
 * The only way a name becomes SQL.
 * @throws {RangeError} for NUL, which ends a name early in C
 * @example quoteIdentifier('a"b') // => '"a""b"'
 */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new RangeError('an SQL name must not be empty or hold NUL')
  return `"${name.replaceAll('"', '""')}"`
}
