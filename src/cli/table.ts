/** Rows as lines of a terminal, each column as wide as its widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = header.map((cell, index) =>
    rows.reduce((widest, row) => Math.max(widest, row[index]?.length ?? 0), cell.length),
  )
  return [header, ...rows].map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
