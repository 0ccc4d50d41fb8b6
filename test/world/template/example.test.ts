import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFile } from '../../../src/registry/file-kind.ts'
import { modelKind } from '../../../src/registry/file-kinds.ts'
import { readTemplate } from '../../../src/world/github/actions/read-template.ts'
import { emptyFolder, scratch, typesHere } from '../../cli/terminal-user.ts'

let folder: string
let told: string
const text = (path: string) => readFileSync(join(folder, path), 'utf8')

beforeAll(async () => {
  folder = scratch()
  told = (await typesHere(['init', '--example'], folder)).out
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('init --example writes a registry without a mistake, and says where to read on', async () => {
  const { code, out } = await typesHere(['validate'], folder)

  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('no mistakes') })
  expect(told).toContain('README.md says what to set')
  expect(execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' })).toBe('')
})

test('its workflows are workflows by GitHub’s own parser, and each action of others is pinned to a commit', () => {
  const names = readdirSync(join(folder, '.github/workflows')).sort()
  expect(names).toEqual(expect.arrayContaining(['train.yml', 'tune.yml']))
  for (const name of names) {
    const path = `.github/workflows/${name}`
    expect(readTemplate('workflow', path, text(path)).problems, name).toEqual([])
    const uses = [...text(path).matchAll(/uses: (\S+)/g)].map(([, action = '']) => action)
    expect(uses.filter((one) => !one.startsWith('weighbridge/') && !/@[0-9a-f]{40}$/.test(one))).toEqual([])
  }
})

test('no text of a comment reaches a shell: the request goes through the environment or the inputs of an action', () => {
  for (const name of ['train.yml', 'tune.yml']) {
    const runs = text(`.github/workflows/${name}`).match(/^ +run: (>-\n( {10}.*\n)+|.*)/gm) ?? []
    expect(runs.length).toBeGreaterThan(3)
    for (const run of runs) expect(run).not.toContain('${{')
  }
})

test('model.yml declares the parameters that the training code takes, with the same defaults', () => {
  const reading = readFile(modelKind, 'models/adult/model.yml', text('models/adult/model.yml'))
  const declared = reading.ok ? (reading.value.training?.parameters ?? {}) : {}
  const defaults = Object.fromEntries(Object.entries(declared).map(([name, one]) => [name, one.default]))
  const inCode = JSON.parse(/^DEFAULTS = (\{.*\})$/m.exec(text('training/train.py'))?.[1] ?? '{}')

  expect(defaults).toEqual(inCode)
})

test('the data are the shipped rows, written as a table that any program reads', async () => {
  const lines = text('data/adult-train.csv').trimEnd().split('\n')

  expect(lines).toHaveLength(16_001)
  expect(lines[0]).toBe(
    'row_id,age,education_num,capital_gain,capital_loss,hours_per_week,workclass,marital_status,occupation,relationship,race,sex,label',
  )
  expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([13]))
})

test('an example and predictions of one’s own exclude one another', async () => {
  const { code, err } = await typesHere(['init', '--example', '--from', 'x.csv', '--label', 'y'], emptyFolder())

  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('exclude one another') })
})
