import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ACTION_COMMANDS } from '../../src/action/action-commands.ts'
import { needNativePart } from '../../src/adapters/native-part.ts'
import { ROOT, scratch } from '../cli/terminal-user.ts'

const NEEDING = ACTION_COMMANDS.filter((one) => one.needsNative)
  .map((one) => one.name)
  .join(' ')

/** The Action as a runner has fetched it, with these packages; `npm` only says how it was called. */
function fetched(packages: readonly string[]) {
  const root = scratch()
  for (const folder of ['action', 'node_modules', 'bin']) mkdirSync(join(root, folder))
  copyFileSync(join(ROOT, 'action/install.js'), join(root, 'action/install.js'))
  copyFileSync(join(ROOT, 'package.json'), join(root, 'package.json'))
  for (const name of packages) {
    mkdirSync(join(root, 'node_modules', name, '..'), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name))
  }
  const calls = join(root, 'calls')
  writeFileSync(join(root, 'bin/npm'), `#!/bin/sh\necho "$PWD: npm $*" >> '${calls}'\n[ -z "$FAILS" ]\n`)
  chmodSync(join(root, 'bin/npm'), 0o755)
  const install = (command: string, env: Readonly<Record<string, string>> = {}) => {
    const { status, stdout } = spawnSync(process.execPath, [join(root, 'action/install.js')], {
      env: {
        PATH: `${join(root, 'bin')}:/usr/bin:/bin`,
        WEIGHBRIDGE_COMMAND: command,
        WEIGHBRIDGE_NEED_NATIVE: NEEDING,
        ...env,
      },
      encoding: 'utf8',
    })
    const said = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []
    return { status, stdout, calls: said.map((line) => line.replace(root, 'root')) }
  }
  return { install }
}

const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Readonly<Record<string, string>>
}
const PLAIN = Object.keys(dependencies)
const NATIVE = ['@duckdb/node-api', 'onnxruntime-node']

test('nothing is installed that lies there, and what is native only where a command needs it', () => {
  expect(fetched([...PLAIN, ...NATIVE]).install('check')).toMatchObject({ status: 0, stdout: '', calls: [] })
  expect(fetched(PLAIN).install('claim').calls).toEqual([])
  expect(fetched(PLAIN).install('check').calls).toEqual(['root: npm ci --omit=dev --ignore-scripts'])
  expect(fetched(PLAIN).install('setup', { WEIGHBRIDGE_NATIVE: 'true' }).calls).toHaveLength(1)
  expect(fetched([]).install('claim').calls).toEqual(['root: npm ci --omit=dev --ignore-scripts --omit=optional'])
})

test('an install that fails fails the step, and a command that nobody knows makes no command line', () => {
  const { install } = fetched([])

  expect(install('claim', { FAILS: '1' })).toMatchObject({ status: 1, stdout: expect.stringContaining('::error') })
  expect(install('check; echo "$(id)"').calls.at(-1)).toBe('root: npm ci --omit=dev --ignore-scripts --omit=optional')
})

test('without a native part its absence is said, with the way to have it', () => {
  const missing = () => {
    throw new Error('no such module')
  }

  for (const name of NATIVE as ('@duckdb/node-api' | 'onnxruntime-node')[]) {
    expect(() => needNativePart(name)).not.toThrow()
    expect(() => needNativePart(name, missing)).toThrow(`is not installed here (${name})`)
  }
})
