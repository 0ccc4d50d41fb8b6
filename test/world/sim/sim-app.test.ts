import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMANDS } from '../../../src/cli/commands.ts'
import { parseCommand, usage } from '../../../src/cli/parse.ts'
import { run } from '../../../src/cli/sim.ts'
import { MANIFEST_PATH } from '../../../src/demo/adult-registry.ts'
import { makeRepository } from '../../../src/demo/stories.ts'
import { jsonSchemaOf } from '../../../src/registry/json-schema.ts'
import { scenarioKind } from '../../../src/world/sim/scenario-kind.ts'

let checkout: string

beforeAll(async () => {
  checkout = mkdtempSync(join(tmpdir(), 'weighbridge-sim-app-'))
  await makeRepository(checkout)
})
afterAll(() => rmSync(checkout, { recursive: true, force: true }))

test('a user plays promotions against the app itself, several scenarios in one go: the example comes out as it says', async () => {
  const example = readFileSync(new URL('../../../src/demo/adult/scenario.yml', import.meta.url), 'utf8')
  writeFileSync(join(checkout, 'example.yml'), example)
  writeFileSync(
    join(checkout, 'wrong.yml'),
    `about: somebody hopes.
given: { ref: main, people: { dana: {} } }
steps:
  - opens: { branch: better, by: dana, files: { ${MANIFEST_PATH}: { replace: { 1.0.0: 1.1.0 } } } }
expects:
  - { pull: better, verdict: passed }
`,
  )

  const { code, lines } = await sim('example.yml', 'wrong.yml')

  expect(lines.slice(0, 2)).toEqual([
    'example.yml: as expected (6 expectations). 1.2.0 is unfair and stays out; 1.1.0 is merged as soon as its approver has approved it.',
    'wrong.yml: not as expected (1 expectations). somebody hopes.',
  ])
  expect(code).toBe(1)
})

test('the command line takes several scenarios, and editors get their schema', async () => {
  const spec = COMMANDS.find(({ name }) => name === 'sim') ?? expect.fail()
  const { positionals } = parseCommand(spec, ['a.yml', 'b.yml'], checkout, silent([]))

  expect(positionals).toEqual(['a.yml', 'b.yml'])
  expect(usage(spec)).toContain('<scenario ...>')
  expect(jsonSchemaOf(scenarioKind)).toMatchObject({ $id: 'https://weighbridge.dev/schema/scenario.json' })
})

async function sim(
  ...positionals: readonly string[]
): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const lines: string[] = []
  const asked = { text: () => undefined, texts: () => [], flag: () => false, json: false, terminal: silent(lines) }
  const code = await run({ ...asked, positionals, folder: checkout, calledFrom: checkout })
  return { code, lines }
}

function silent(lines: string[]) {
  return {
    line: (text = '') => void lines.push(text),
    document: () => undefined,
    complain: () => undefined,
    progress: () => undefined,
    style: (_: string, text: string) => text,
    columns: 80,
  }
}
