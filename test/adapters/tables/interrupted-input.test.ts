import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const LAUNCH = fileURLToPath(new URL('../../../src/launch.js', import.meta.url))

let home: string
let temporary: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'weighbridge-interrupted-'))
  temporary = join(home, 'tmp')
  mkdirSync(temporary)
  const rows = Array.from({ length: 150_000 }, (_, row) => `${row},${(row * 0.37).toFixed(4)},v${row % 9},${row % 101}`)
  for (const name of ['reference.csv', 'current.csv']) writeFileSync(join(home, name), `id,x,c,n\n${rows.join('\n')}\n`)
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const type = (...args: readonly string[]) =>
  spawn(process.execPath, [LAUNCH, ...args], {
    cwd: home,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['pipe', 'ignore', 'ignore'],
  })

const ended = (program: ChildProcess) => new Promise((resolve) => program.once('exit', resolve))

/** Waits for something to be in the temporary folder. */
async function seen(pattern: RegExp): Promise<void> {
  while (!readdirSync(temporary, { recursive: true }).some((name) => pattern.test(String(name)))) await wait(5)
}

const isAlive = (pid: string) => existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))

test.runIf(process.platform === 'linux')('Ctrl-C while a table is read leaves no files and no process', async () => {
  const program = type('drift', '--reference', 'reference.csv', '--current', 'current.csv')
  const end = ended(program)
  await seen(/\.parquet$/)
  const children = readFileSync(`/proc/${program.pid}/task/${program.pid}/children`, 'utf8').trim().split(' ')
  expect(children[0]).toMatch(/^\d+$/)
  program.kill('SIGINT')
  expect(await end).toBe(130)
  expect(readdirSync(temporary)).toEqual([])
  for (let tries = 0; children.some(isAlive) && tries < 200; tries++) await wait(10)
  expect(children.filter(isAlive)).toEqual([])
})

test.runIf(process.platform === 'linux')('and so it does while standard input is waited for', async () => {
  const program = type('drift', '--reference', '-', '--current', 'current.csv')
  const end = ended(program)
  program.stdin?.write('id,x\n1,2\n')
  await seen(/standard-input$/)
  program.kill('SIGINT')
  expect(await end).toBe(130)
  expect(readdirSync(temporary)).toEqual([])
})
