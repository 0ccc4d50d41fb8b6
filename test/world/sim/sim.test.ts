import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { git } from '../../../src/adapters/checkout/git.ts'
import { commitAll, initRepository, startBranch, writeFiles } from '../../../src/adapters/checkout/new-repository.ts'
import { InvalidRecord } from '../../../src/cli/command.ts'
import { runSim } from '../../../src/cli/sim.ts'
import { readFile } from '../../../src/registry/file-kind.ts'
import { jsonSchemaOf } from '../../../src/registry/json-schema.ts'
import { printMistake } from '../../../src/registry/mistake.ts'
import { runScenario, type SimReport } from '../../../src/world/sim/run-scenario.ts'
import { scenarioKind } from '../../../src/world/sim/scenario-kind.ts'
import { SMALL_APP, smallApp } from './small-app.ts'

let checkout: string

beforeAll(async () => {
  checkout = mkdtempSync(join(tmpdir(), 'weighbridge-sim-'))
  await initRepository(checkout)
  await writeFiles(checkout, [
    { path: 'deploy/churn.txt', content: 'version: 1.0.0\n' },
    { path: 'README.md', content: '# Models\n' },
  ])
  await commitAll(checkout, 'a registry')
  await startBranch(checkout, 'candidate', 'main')
  await writeFiles(checkout, [{ path: 'deploy/churn.txt', content: 'version: 2.0.0, worse\n' }])
  await commitAll(checkout, 'a candidate')
  await git(checkout, ['switch', '--quiet', 'main'])
})
afterAll(() => rmSync(checkout, { recursive: true, force: true }))

const PEOPLE =
  'given: { people: { dana: {}, olivia: { permission: admin } }, protection: { checks: [weighbridge], reviews: 1 } }'

async function play(text: string, openBot = smallApp()): Promise<SimReport> {
  const reading = readFile(scenarioKind, 'scenario.yml', text)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  const input = { scenario: reading.value, checkout, manifest: SMALL_APP, openBot, progress: () => undefined }
  return runScenario(input)
}

function mistakes(text: string): readonly string[] {
  const reading = readFile(scenarioKind, 'scenario.yml', text)
  return reading.ok ? [] : reading.mistakes.map(printMistake)
}

test('a policy is tried out on a pull request that should be held, and on its mended head that should merge', async () => {
  const report = await play(`
about: A worse candidate is held even when approved; mended, it merges.
${PEOPLE}
steps:
  - opens: { branch: promote, by: dana, files: { deploy/churn.txt: { replace: { 1.0.0: "2.0.0, worse" } } } }
  - approves: { pull: promote, by: olivia }
  - expects: { pull: promote, verdict: failed, gates: { metrics: failed }, state: open, says: [under the floor] }
  - merges: { pull: promote, by: olivia, refused: true }
  - pushes: { pull: promote, by: dana, files: { deploy/churn.txt: "version: 2.0.1" } }
  - approves: { pull: promote, by: olivia }
  - expects: { pull: promote, checks: { weighbridge: success, drift: none }, never_says: [under the floor] }
  - merges: { pull: promote, by: olivia }
expects:
  - { pull: promote, state: merged, verdict: passed, comments: 0 }
`)

  expect(report).toMatchObject({ unmet: [], expectations: 4, contractBreaks: 0 })
  expect(report.writes).toEqual(['POST check-runs', 'POST check-runs'])
})

test('what is not as expected is told, with its place and what was found instead', async () => {
  const report = await play(`
about: Everything is expected wrongly.
${PEOPLE}
steps:
  - opens: { branch: promote, by: dana, ref: candidate }
  - expects: { pull: promote, verdict: passed, gates: { metrics: passed, drift: passed }, state: merged, comments: 1 }
  - merges: { pull: promote, by: olivia }
expects:
  - { pull: promote, checks: { weighbridge: success }, says: [wonderful], ledger: [{ kind: decided }] }
`)

  expect(report.unmet.map(({ where, what }) => `${where}: ${what}`)).toEqual([
    'steps[1]: state: expected merged, found open',
    'steps[1]: verdict: expected passed, found failed',
    'steps[1]: gate metrics: expected passed, found failed',
    'steps[1]: gate drift: expected passed, found nothing',
    'steps[1]: comments of the app: expected 1, found 0',
    expect.stringMatching(/^steps\[2\]: GitHub refused it: 405 /),
    'expects[0]: check weighbridge: expected success, found failure',
    'expects[0]: nothing says "wonderful"',
    `expects[0]: no line of the ledger's 0 has {"kind":"decided"}`,
  ])
})

const FAILING = `
about: A call fails after its effect, a webhook comes twice.
${PEOPLE}
steps:
  - call_fails: { operation: checks/create, with: no-answer, when: after }
  - call_fails: { operation: "pulls/*", with: "502", times: 2 }
  - opens: { branch: promote, by: dana, files: { deploy/churn.txt: "version: 3" } }
  - delivers_twice: { event: pull_request }
  - time_passes: 24h
expects:
  - { pull: promote, verdict: passed }
`

test('calls fail and webhooks come twice when a scenario says so, and the app is held to its end all the same', async () => {
  const report = await play(FAILING)

  expect(report.unmet).toEqual([])
  expect(report.writes).toEqual(['POST check-runs'])
})

test('an app that does not try again is found out by the same scenario', async () => {
  const { unmet } = await play(FAILING, smallApp('never tries again'))

  expect(unmet.map(({ what }) => what)).toEqual([
    'verdict: expected passed, found nothing',
    'call_fails: the app never called checks/create',
  ])
})

test('a fault that never came is not as expected: nothing was tried', async () => {
  const { unmet } = await play(`
about: A fault that never fires.
${PEOPLE}
steps:
  - call_fails: { operation: pulls/merge, with: "500" }
  - opens: { branch: promote, by: dana, files: { deploy/churn.txt: x } }
expects: [{ pull: promote, state: open }]
`)

  expect(unmet).toEqual([{ where: 'steps', what: 'call_fails: the app never called pulls/merge' }])
})

test('a scenario with mistakes is refused, each with its place and the way out', () => {
  expect(
    mistakes(`about: Wrong in many places.
given:
  people: { dana: { permision: write } }
steps:
  - opens: { branch: promote, by: dan, files: { ../x: y } }
  - merges: { pull: promot, by: dana }
  - approve: { pull: promote, by: dana }
  - { time_passes: 5 hours }
  - {}
`),
  ).toEqual([
    expect.stringMatching(/scenario.yml:3:.* given.people.dana.permision: .*Did you mean permission/),
    expect.stringMatching(/scenario.yml:5:.* steps\[0\].*"..\/x"|scenario.yml:5:/),
    expect.stringMatching(/scenario.yml:7:.*approve.*Did you mean approves/),
    expect.stringMatching(/scenario.yml:8:.* steps\[3\].time_passes: .*90s, 30m, 24h or 7d/),
  ])
})

test('people, pull requests and acts that are not there are mistakes before anything is played', () => {
  const found = mistakes(`about: Names nobody knows.
given: { people: { dana: {} } }
steps:
  - expects: { pull: promote, state: open }
  - opens: { branch: promote, by: dan }
  - { merges: { pull: promot, by: dana }, time_passes: 1h }
`)

  expect(found.join('\n')).toMatch(/no pull request of promote is open by then/)
  expect(found.join('\n')).toMatch(/there is nobody called dan. Did you mean dana/)
  expect(found.join('\n')).toMatch(/no pull request of promot is open by then. Did you mean promote/)
  expect(found.join('\n')).toMatch(/does merges and time_passes in one step/)
})

test('a scenario that expects nothing is refused: nothing could go wrong', () => {
  const text = 'about: Idle.\ngiven: { people: { dana: {} } }\nsteps: [{ opens: { branch: b, by: dana } }]\n'

  expect(mistakes(text).join('\n')).toContain('nothing is expected, so nothing could go wrong')
})

test('a scenario reads no file outside the checkout, by no name and no link', async () => {
  mkdirSync(join(checkout, 'links'), { recursive: true })
  symlinkSync('/etc/hostname', join(checkout, 'links/out'))
  const opening = (file: string) =>
    play(
      `about: x\n${PEOPLE}\nsteps: [{ opens: { branch: b, by: dana, files: { a: { file: ${file} } } } }]\nexpects: [{ state: open }]\n`,
    )

  await expect(opening('links/out')).rejects.toThrow('links/out leaves the checkout')
  await expect(opening('.git/config')).rejects.toThrow('.git/config leaves the checkout')
  await expect(opening('../x')).rejects.toThrow('inside the repository')
  rmSync(join(checkout, 'links'), { recursive: true })
})

test('an editor gets the schema of scenarios, with every step in it', () => {
  const schema = JSON.stringify(jsonSchemaOf(scenarioKind))

  for (const word of ['opens', 'delivers_twice', 'call_fails', 'requests_changes', 'never_says'])
    expect(schema).toContain(`"${word}"`)
})

test('the command says 0 when all is as expected, 1 when not, and refuses a bad scenario', async () => {
  const file = (name: string, text: string) => {
    const path = join(checkout, name)
    writeFileSync(path, text)
    return path
  }
  const lines: string[] = []
  const terminal = {
    line: (text = '') => void lines.push(text),
    document: () => undefined,
    complain: () => undefined,
    progress: () => undefined,
    style: (_: string, text: string) => text,
    columns: 80,
  }
  const sim = (...positionals: readonly string[]) =>
    runSim(
      {
        positionals,
        text: () => undefined,
        texts: () => [],
        flag: () => false,
        folder: checkout,
        calledFrom: checkout,
        json: false,
        terminal,
      },
      { manifest: SMALL_APP, openBot: smallApp() },
    )
  const scenario = (state: string) =>
    `about: A pull request.\n${PEOPLE}\nsteps: [{ opens: { branch: b, by: dana, files: { a: x } } }]\nexpects: [{ pull: b, state: ${state} }]\n`

  expect(await sim(file('good.yml', scenario('open')))).toBe(0)
  expect(await sim(file('good.yml', scenario('open')), file('wrong.yml', scenario('merged')))).toBe(1)
  expect(lines.at(-1)).toBe('  expects[0]: state: expected merged, found open')
  await expect(sim(file('bad.yml', 'about: x\n'))).rejects.toThrow(InvalidRecord)
  await expect(sim(join(checkout, 'nowhere.yml'))).rejects.toThrow('nowhere.yml cannot be read (ENOENT)')
})
