import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openWorld, said, statuses } from '../support/registry-world.ts'

const TESTS = fileURLToPath(new URL('..', import.meta.url))

/** Where the field's tools are wrong by default, 1 to 32; a test bears the number in its title. */
const CLAIMS = Array.from({ length: 32 }, (_, index) => `C${index + 1}`)

test('every weakness of other tools that numbers can have is shown not to be ours, by a test with its number', () => {
  const titles = globSync('**/*.test.ts', { cwd: TESTS }).flatMap((path) =>
    readFileSync(`${TESTS}/${path}`, 'utf8')
      .split('\n')
      .filter((line) => /['"`]/.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line)),
  )
  const found = new Set(
    titles
      .flatMap((line) => [...line.matchAll(/\((C\d+(?:(?:, | and | to )C\d+)*)\)/g)].map(([, list = '']) => list))
      .flatMap(numbersOf),
  )

  expect(CLAIMS.filter((one) => !found.has(one))).toEqual([])
})

/** `C3, C4`, `C6 and C7`, `C10 to C13`. */
function numbersOf(list: string): readonly string[] {
  const numbers = [...list.matchAll(/C(\d+)/g)].map(([, number]) => Number(number))
  const [from = 0, until = from] = numbers
  if (!list.includes(' to ')) return numbers.map((number) => `C${number}`)
  return Array.from({ length: until - from + 1 }, (_, index) => `C${from + index}`)
}

test('several versions recorded by one commit are versions like any other (C26)', async () => {
  const world = await openWorld({ versions: ['1.0.0', '1.1.0'] })
  const added = (await world.git('log', '--format=%H', '--diff-filter=A', '--', 'models/*/versions')).trim()

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(added.split('\n')).toHaveLength(1)
  expect(statuses(check)).toMatchObject({ registry: 'passed', integrity: 'passed' })
  expect(said(check)).not.toContain('already')
})
