/** A file that a step writes for its runner is not as it should be. */
export class BadCommandFile extends Error {}

/** `name=value` lines, and `name<<END` up to a line END: GITHUB_ENV, GITHUB_OUTPUT, GITHUB_STATE. */
export function readCommandFile(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const lines = text.split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (line.trim() === '') continue
    const block = /^([^=]+?)<<(.+)$/.exec(line)
    if (block === null) {
      const cut = line.indexOf('=')
      if (cut < 1) throw new BadCommandFile(`Invalid format '${line}'`)
      found.set(line.slice(0, cut), line.slice(cut + 1))
      continue
    }
    const [, name = '', end = ''] = block
    const close = lines.indexOf(end, index + 1)
    if (close < 0) throw new BadCommandFile(`Invalid value. Matching delimiter not found '${end}'`)
    found.set(name, lines.slice(index + 1, close).join('\n'))
    index = close
  }
  return found
}
