import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refusedAnswer } from '../../src/action/refused-answer.ts'
import { failsStep } from '../../src/action/runner-door.ts'
import type { StepAnswer } from '../../src/action/step-answer.ts'
import { LONGEST_SUMMARY } from '../../src/action/step-summary.ts'
import { pageMarkdown } from '../../src/report/page/page-markdown.ts'
import { readCommandFile } from '../../src/world/github/actions/execute/command-file.ts'
import { JobLog } from '../../src/world/github/actions/execute/job-log.ts'
import { scratch } from '../cli/terminal-user.ts'

const HOSTILE = [
  'line\n::set-output name=status::passed\n',
  '##[set-output name=status]passed',
  'x\nghadelimiter_00000000-0000-0000-0000-000000000000\nstatus=passed',
  'status=passed\nstatus<<EOF\npassed\nEOF',
  '::add-mask::e\r\n::stop-commands::x',
  '%0A::error::%25',
  '\u001b[2J\u202e',
]

/** What a runner makes of a step that says all of this: a process of its own, as files and log are its own. */
function told(answer: StepAnswer, lines: readonly string[], summaryFile = 'summary') {
  const folder = scratch()
  const file = (name: string) => join(folder, name)
  for (const name of ['output', 'summary']) writeFileSync(file(name), '')
  const script = `
    import { guardLog, tellRunner } from ${JSON.stringify(new URL('../../src/action/runner-door.ts', import.meta.url).href)}
    const log = guardLog((line) => process.stdout.write(line + '\\n'))
    const { answer, lines } = JSON.parse(process.env.SAID)
    for (const line of lines) log.line(line)
    log.open()
    await tellRunner(answer, 'undecided')`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: {
      PATH: process.env.PATH,
      SAID: JSON.stringify({ answer, lines }),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file(summaryFile),
    },
    encoding: 'utf8',
  })
  const log = new JobLog(() => 0)
  log.beginStep()
  for (const line of out.split(/\r?\n/)) log.hear(line)
  const read = (name: string) => readFileSync(file(name), 'utf8')
  return { log, outputs: Object.fromEntries(readCommandFile(read('output'))), summary: read('summary') }
}

test('whatever values hold, the runner reads back what was said and obeys nothing in it (S48)', () => {
  const outputs = Object.fromEntries(HOSTILE.map((value, index) => [`value-${index}`, value]))
  const annotations = HOSTILE.map((value) => ({
    path: `a,file=b${value}`,
    startLine: 3,
    endLine: 3,
    level: 'warning' as const,
    title: value,
    message: value,
  }))
  const answer = { status: 'held', because: 'It is held.', outputs, summary: '', annotations } as const

  const { log, outputs: read } = told(answer, HOSTILE)

  const normal = (text: string) => text.replaceAll('\r\n', '\n')
  expect(Object.keys(read)).toEqual(['status', 'because', ...Object.keys(outputs)])
  for (const [name, value] of Object.entries(outputs)) expect(normal(read[name] ?? '')).toBe(normal(value))
  expect(read.status).toBe('held')
  expect(log.annotations.map((one) => one.annotation_level)).toEqual(['failure', ...HOSTILE.map(() => 'warning')])
  expect(log.annotations.slice(1).map((one) => [one.message, one.start_line])).toEqual(
    HOSTILE.map((value) => [value, 3]),
  )
  // its mask would have made every e unreadable
  expect(log.text).toContain('It is held')
})

test('ten of each level are annotated, the worst first, and the step’s own error is one of them', () => {
  const annotations = (['notice', 'failure', 'warning'] as const).flatMap((level) =>
    Array.from({ length: 14 }, (_, line) => ({
      path: 'a.yml',
      startLine: line + 1,
      endLine: line + 1,
      level,
      title: level,
      message: `${level} ${line}`,
    })),
  )
  const { log } = told({ status: 'refused', because: 'No.', outputs: {}, summary: '', annotations }, [])

  const levels = log.annotations.map((one) => one.annotation_level)
  expect(levels).toEqual(['failure', 'warning', 'notice'].flatMap((level) => Array.from({ length: 10 }, () => level)))
  expect(log.annotations[0]?.message).toBe('No.')
  expect(log.annotations[1]).toMatchObject({ path: 'a.yml', start_line: 1, message: 'failure 0' })
})

test('a summary that cannot be written takes no verdict along', () => {
  const answer = { status: 'passed', because: 'Passed.', outputs: {}, summary: 'Passed.', annotations: [] } as const

  const { log, outputs } = told(answer, [], 'no-such-folder/summary')

  expect(outputs.status).toBe('passed')
  expect(log.annotations.map((one) => one.message)).toEqual([expect.stringContaining('is not shown: Unable to access')])
})

test('a verdict fails the step as the workflow asks, and what was refused always does', () => {
  const failing = (failOn: 'held' | 'undecided' | 'never') =>
    (['passed', 'held', 'undecided', 'answered', 'refused'] as const).filter((status) => failsStep({ status }, failOn))

  expect(failing('undecided')).toEqual(['held', 'undecided', 'refused'])
  expect(failing('held')).toEqual(['held', 'refused'])
  expect(failing('never')).toEqual(['refused'])
})

test('a summary of any page fits into GitHub’s megabyte, and its last table ends whole', () => {
  const rows = Array.from({ length: 200 }, (_, row) => [`row ${row}`, 'ü'.repeat(390), '<b>|`@org'])
  const columns = [{ name: 'a|b' }, { name: 'long' }, { name: 'lively', align: 'right' as const }]
  const parts = Array.from({ length: 40 }, (_, at) => ({ kind: 'table' as const, title: `table ${at}`, columns, rows }))
  const page = { title: 'Many', lead: 'Much.', facts: [], parts, warnings: [] }

  const summary = pageMarkdown(page, LONGEST_SUMMARY)

  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024)
  expect(Buffer.byteLength(summary)).toBeGreaterThan(900_000)
  expect(summary).toMatch(/fits? here\.|fit here\.$/)
  const table = summary.split('\n').filter((line) => line.startsWith('|'))
  expect(table.filter((line) => !line.endsWith(' |'))).toEqual([])
  expect(new Set(table.map((line) => line.replaceAll('\\|', '').split('|').length))).toEqual(new Set([5]))
  expect(summary).not.toContain('<b>|')
})

test('what was refused is said once: the whole in one line, each problem in the summary', () => {
  const said = ['metrics: `out.json` is not there. Write it.', 'weighbridge: 1 problem, and nothing was registered.']
  const mistake = {
    path: 'a.yml',
    line: 2,
    column: 1,
    where: 'x',
    what: 'bad',
    mend: 'Mend.',
    severity: 'error',
  } as const

  expect(refusedAnswer(said, [mistake])).toEqual({
    status: 'refused',
    because: '1 problem, and nothing was registered.',
    outputs: {},
    summary: '**Refused.** 1 problem, and nothing was registered.\n\n- metrics: \\`out.json\\` is not there. Write it.',
    annotations: [
      { path: 'a.yml', startLine: 2, endLine: 2, level: 'failure', title: 'weighbridge', message: 'x: bad. Mend.' },
    ],
  })
  expect(refusedAnswer(['weighbridge: no.', 'Do so.']).because).toBe('no. Do so.')
  expect(refusedAnswer([]).because).toBe('It ended without a word.')
})
