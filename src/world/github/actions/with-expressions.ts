import type { Written, WrittenExpression, WrittenText } from './written.ts'

/** A value of YAML with its expressions told apart from its text. */
export function withExpressions(value: unknown): Written {
  if (typeof value === 'string') return ofText(value)
  if (Array.isArray(value)) return value.map(withExpressions)
  if (typeof value !== 'object' || value === null) return (value ?? null) as Written
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withExpressions(one)]))
}

/** One expression alone keeps its kind of value; with anything beside it, it becomes text. */
function ofText(text: string): Written {
  const parts = partsOf(text)
  if (!parts.some((part) => typeof part !== 'string')) return text
  const [only] = parts
  return parts.length === 1 && typeof only === 'object' ? only : { parts }
}

function partsOf(text: string): WrittenText['parts'] {
  const parts: (string | WrittenExpression)[] = []
  let from = 0
  for (;;) {
    const start = text.indexOf('${{', from)
    const end = start < 0 ? -1 : endOf(text, start + 3)
    if (end < 0) break
    if (start > from) parts.push(text.slice(from, start))
    parts.push({ expression: text.slice(start + 3, end).trim() })
    from = end + 2
  }
  return from < text.length ? [...parts, text.slice(from)] : parts
}

/** Where an expression's `}}` is: not inside of its quotes. */
function endOf(text: string, from: number): number {
  let isQuoted = false
  for (let index = from; index < text.length; index++) {
    if (text[index] === "'") isQuoted = !isQuoted
    else if (!isQuoted && text.startsWith('}}', index)) return index
  }
  return -1
}
