/**
 * Where two end states differ, a line a place: `checks[0].conclusion: "success" in the clean run, "failure" here`.
 *
 * @param clean  plain JSON
 * @param other  plain JSON
 */
export function differencesOf(clean: unknown, other: unknown, at = ''): readonly string[] {
  if (Object.is(clean, other)) return []
  if (!isContainer(clean) || !isContainer(other) || Array.isArray(clean) !== Array.isArray(other))
    return [`${at === '' ? 'the whole' : at}: ${shown(clean)} in the clean run, ${shown(other)} here`]
  const keys = [...new Set([...Object.keys(clean), ...Object.keys(other)])]
  return keys.flatMap((key) =>
    differencesOf(
      clean[key],
      other[key],
      Array.isArray(clean) ? `${at}[${key}]` : `${at}${at === '' ? '' : '.'}${key}`,
    ),
  )
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
