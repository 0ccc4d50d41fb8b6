export type DocumentPath = readonly (string | number)[]

/** `gates.metrics[1].max_drop`; keys that hold a dot, a bracket or a quote are written `labels["a.b"]`. */
export function printDotted(path: DocumentPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    if (!/^[^.[\]"\s]+$/u.test(step)) return `${text}[${JSON.stringify(step)}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

/** The path that `printDotted` wrote; text that it never writes is read key by key as far as it goes. */
export function parseDotted(text: string): DocumentPath {
  const steps: (string | number)[] = []
  for (const match of text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/gu)) {
    if (match[1] !== undefined) steps.push(Number(match[1]))
    else if (match[2] !== undefined) steps.push(unquote(match[2]))
    else steps.push(match[3]!)
  }
  return steps
}

function unquote(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted.slice(1, -1)
  }
}
