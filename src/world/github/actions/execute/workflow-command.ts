/** A line such as `::error file=train.py,line=3::the loss is NaN`. */
export interface WorkflowCommand {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

const LINE = /^::([A-Za-z][\w-]*)(?: (.*?))?::(.*)$/

/** null for a line that is none. */
export function readCommand(line: string): WorkflowCommand | null {
  const [, name, properties = '', data = ''] = LINE.exec(line.trimStart()) ?? []
  if (name === undefined) return null
  const pairs = properties.split(',').flatMap((pair) => {
    const cut = pair.indexOf('=')
    return cut < 0 ? [] : [[pair.slice(0, cut).trim(), unescaped(pair.slice(cut + 1))] as const]
  })
  return { name: name.toLowerCase(), properties: Object.fromEntries(pairs), data: unescaped(data) }
}

function unescaped(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}
