import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const TESTS = fileURLToPath(new URL('..', import.meta.url))

/** Attacks and failures that this product claims to withstand; a story bears the number in its title. */
const CLAIMED = [...numbers(1, 8), ...numbers(10, 63), 65, 66, 68, 69].map(
  (number) => `S${String(number).padStart(2, '0')}`,
)

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** Where each case stands in a title: `(S34)`, `(S15, S16)`, `(S13) (S23)`. */
function titled(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const path of globSync('**/*.test.ts', { cwd: TESTS }).sort())
    for (const line of readFileSync(`${TESTS}/${path}`, 'utf8').split('\n')) {
      const isTitle = /['"`]/.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line)
      const cases = isTitle
        ? [...line.matchAll(/\((S\d\d(?:, S\d\d)*)\)/g)].flatMap(([, list = '']) => list.split(', '))
        : []
      for (const one of cases) found.set(one, [...(found.get(one) ?? []), path])
    }
  return found
}

test('every attack case that the product claims to withstand has a story with its number', () => {
  const found = titled()
  const rows = CLAIMED.map((one) => {
    const paths = found.get(one) ?? []
    return `${one}  ${String(paths.length).padStart(3)}  ${[...new Set(paths)].slice(0, 3).join(', ')}`
  })

  process.stdout.write(`case  titles  where\n${rows.join('\n')}\n`)

  expect(CLAIMED.filter((one) => !found.has(one))).toEqual([])
})

test('no title bears a number that nobody claims to know', () => {
  const known = new Set(CLAIMED)

  expect([...titled().keys()].filter((one) => !known.has(one)).sort()).toEqual([])
})
