import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { answerOf, emptyFolder, shell, start } from './terminal-user.ts'

const onLinux = process.platform === 'linux'

test.skipIf(!onLinux).each([
  { signal: 'SIGINT', code: 130, afterMs: 0 },
  { signal: 'SIGINT', code: 130, afterMs: 400 },
  { signal: 'SIGTERM', code: 143, afterMs: 800 },
] as const)(
  '$signal after $afterMs ms ends the work: exit $code, no child, no temporary folder',
  async ({ signal, code, afterMs }) => {
    const temporary = emptyFolder()
    const demo = start(['demo'], { env: { TMPDIR: temporary } })
    const ended = answerOf(demo)
    await firstLine(demo)
    await wait(afterMs)
    const children = descendants(demo.pid ?? 0)

    demo.kill(signal)
    // an impatient second Ctrl-C
    demo.kill(signal)

    expect((await ended).code).toBe(code)
    await wait(50)
    expect(children.filter(isAlive)).toEqual([])
    expect(readdirSync(temporary)).toEqual([])
  },
)

test('whoever stops reading is left in peace, and is never told that all passed', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'temporary'))

  const demo = await shell(`export TMPDIR="${folder}/temporary"; weighbridge demo --exit | head -1`, folder)
  const schema = await shell('weighbridge schema policy | head -1', folder)

  expect(demo).toMatchObject({ code: 141, err: '' })
  expect(demo.out).toMatch(/^A small GitHub in this process: [^\n]+\n$/)
  expect(schema).toMatchObject({ out: '{\n', err: '' })
  expect(readdirSync(join(folder, 'temporary'))).toEqual([])
})

test.skipIf(!onLinux)('a full disk under the answer is not a passed check', async () => {
  const answer = await shell('weighbridge schema policy > /dev/full', emptyFolder())

  expect(answer.code).not.toBe(0)
})

async function firstLine(child: ChildProcess): Promise<void> {
  if (child.stdout !== null) await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
}

/** Processes below one, all the way down. */
function descendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(Number(name))] as const)
  const below = (of: number): readonly number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return -1
  }
}

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}
