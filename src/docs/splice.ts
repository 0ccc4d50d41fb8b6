const PART = /(<!-- generated: ([a-z-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g

/**
 * A text with each generated part in its place, between `<!-- generated: name -->` and `<!-- /generated -->`.
 *
 * @throws {Error} when the text asks for a part that nobody makes, or has no place for one
 */
export function spliced(text: string, parts: Readonly<Record<string, string>>): string {
  const found = new Set<string>()
  const result = text.replace(PART, (_, opening: string, name: string, closing: string) => {
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined
    if (part === undefined) throw new Error(`nobody makes the part "${name}". Parts: ${Object.keys(parts).join(', ')}.`)
    found.add(name)
    return `${opening}${part}\n${closing}`
  })
  const homeless = Object.keys(parts).filter((name) => !found.has(name))
  if (homeless.length > 0) throw new Error(`there is no place for: ${homeless.join(', ')}`)
  return result
}
