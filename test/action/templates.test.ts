import { readdirSync } from 'node:fs'
import { CORE_SCHEMA, load } from 'js-yaml'
import { expect, test } from 'vitest'
import { ACTION_COMMANDS } from '../../src/action/action-commands.ts'
import { readInputs } from '../../src/action/read-inputs.ts'
import { readTemplate } from '../../src/world/github/actions/read-template.ts'
import { example, template } from '../support/action-world.ts'

interface Step {
  readonly run?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly steps: readonly Step[]
  readonly permissions?: unknown
  readonly 'timeout-minutes'?: unknown
}
interface Workflow {
  readonly on: unknown
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

const EXAMPLES = readdirSync(new URL('../../action/examples/', import.meta.url))
const OURS = /^weighbridge\/weighbridge\/action@v\d+$/

/** What makes a workflow dangerous, or wrong by GitHub's own schema. */
function faults(text: string): readonly string[] {
  const { problems } = readTemplate('workflow', 'a.yml', text)
  if (problems.length > 0) return problems
  const workflow = load(text, { schema: CORE_SCHEMA }) as Workflow
  const jobs = Object.entries(workflow.jobs)
  const steps = jobs.flatMap(([, job]) => job.steps)
  const uses = [...text.matchAll(/uses: (.+)/g)].map(([, used = '']) => used)
  return [
    ...(/pull_request_target|workflow_run/.test(JSON.stringify(workflow.on)) ? ['runs with secrets for anybody'] : []),
    ...(workflow.permissions === undefined ? ['states no permissions'] : []),
    ...(/write/.test(JSON.stringify([workflow.permissions, jobs.map(([, job]) => job.permissions)])) ? ['writes'] : []),
    ...jobs.filter(([, job]) => job['timeout-minutes'] === undefined).map(([name]) => `${name} may run for hours`),
    ...steps.filter(({ run = '' }) => run.includes('${{')).map(({ run }) => `makes a script of a value: ${run}`),
    ...steps
      .filter((step) => step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)
      .map(() => 'leaves a token in the checkout'),
    ...uses.filter((used) => !OURS.test(used) && !/@[0-9a-f]{40} # v\d/.test(used)).map((used) => `unpinned: ${used}`),
  ]
}

test('no workflow that we hand out can be turned on its owner (S26)', () => {
  const names = readdirSync(new URL('../../src/world/template/.github/workflows/', import.meta.url))

  expect(names).toEqual(expect.arrayContaining(['train.yml', 'tune.yml', 'weigh.yml']))
  const handedOut = [
    ...names.map((name) => [name, template(name)] as const),
    ...EXAMPLES.map((name) => [name, example(name)] as const),
  ]
  expect(handedOut.flatMap(([name, text]) => faults(text).map((fault) => `${name}: ${fault}`))).toEqual([])
})

test('every command of the Action is called by a workflow that we hand out, each input under its name', () => {
  const texts = [...EXAMPLES.map(example), ...['weigh.yml', 'train.yml'].map(template)]
  const steps = texts.flatMap((text) => Object.values((load(text, { schema: CORE_SCHEMA }) as Workflow).jobs))
  const called = steps.flatMap((job) => job.steps).filter((step) => OURS.test(step.uses ?? ''))
  const asked = called.map(({ with: inputs = {} }) => {
    const texts = Object.entries(inputs).map(([name, value]) => [name, String(value)])
    return readInputs(JSON.stringify(Object.fromEntries(texts)), ACTION_COMMANDS).name
  })

  expect([...new Set(asked)].sort()).toEqual(ACTION_COMMANDS.map((one) => one.name).sort())
})

test('what makes a workflow dangerous is seen', () => {
  const bad = `on: pull_request_target
permissions: write-all
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {ref: "\${{ github.event.pull_request.head.sha }}"}
      - run: echo "\${{ github.event.pull_request.title }}"
`
  expect(faults(bad)).toEqual([
    'runs with secrets for anybody',
    'writes',
    'a may run for hours',
    `makes a script of a value: echo "\${{ github.event.pull_request.title }}"`,
    'leaves a token in the checkout',
    'unpinned: actions/checkout@v4',
  ])
  expect(faults(bad.replace('permissions: write-all\n', ''))).toContain('states no permissions')
  expect(faults('on: push\njobs: {a: {runs-on: x, step: []}}')[0]).toContain('step')
})
