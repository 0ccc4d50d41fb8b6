import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emptyFolder, shell, weighbridge, writePredictions } from './terminal-user.ts'

const IDENTITY =
  'export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com'
const git = (folder: string, ...args: readonly string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })

test('a file of the user is never written over', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'policies'))
  writeFileSync(join(folder, 'policies/production.yml'), 'mine\n')

  const init = await weighbridge(['init'], { cwd: folder })

  expect(init.code).toBe(2)
  expect(init.err).toContain('policies/production.yml is there already')
  expect(readFileSync(join(folder, 'policies/production.yml'), 'utf8')).toBe('mine\n')
  expect(readdirSync(folder)).toEqual(['policies'])
})

test('a file of the user that lies in the folder is not committed with the registry', async () => {
  const folder = emptyFolder()
  writeFileSync(join(folder, '.env'), 'secret\n')

  await weighbridge(['init'], { cwd: folder })

  expect(git(folder, 'status', '--porcelain')).toBe('?? .env\n')
  expect(git(folder, 'log', '--format=%s')).toMatch(/^production: .+\nregistry: .+\n$/)
})

test('in a repository nothing is committed, and the lines that are told make a registry that weighs', async () => {
  const folder = emptyFolder()
  git(folder, 'init', '--quiet', '--initial-branch=main')
  await writePredictions(folder, 'new.csv', '1.1.0')
  const init = await weighbridge(['init', '--from', 'new.csv', '--label', 'label', '--score', 'score'], { cwd: folder })
  const steps = [...init.out.matchAll(/^(?:Next|Then): (.+)$/gm)].map(([, step = '']) => step)

  const typed = await shell([IDENTITY, ...steps.slice(0, -1), `${steps.at(-1)} --json`].join('\n'), folder)

  expect(steps.at(-1)).toBe('weighbridge check')
  const check = JSON.parse(typed.out.slice(typed.out.indexOf('\n{\n')))
  expect(check.changes).toMatchObject([{ kind: 'promotion', model: 'new', to: '1.0.0' }])
})

test('in a repository an example waits for its promotion, which is told as an edit', async () => {
  const folder = emptyFolder()
  git(folder, 'init', '--quiet', '--initial-branch=main')

  const init = await weighbridge(['init'], { cwd: folder })

  expect(init.out).toContain('nothing committed')
  expect(init.out).toContain('name the next version in deploy/production/adult.yml (annotation and storageUri)')
  expect(readFileSync(join(folder, 'deploy/production/adult.yml'), 'utf8')).toContain(
    'weighbridge.dev/version: "1.0.0"',
  )
  expect(git(folder, 'log', '--all', '--format=%s')).toBe('')
})

test('a registry stands at the root of its repository, and a folder inside is told where that is', async () => {
  const folder = emptyFolder()
  git(folder, 'init', '--quiet')
  mkdirSync(join(folder, 'inside'))

  const answers = await Promise.all([
    weighbridge(['init'], { cwd: join(folder, 'inside') }),
    weighbridge(['init', '--repo', 'not/there/yet'], { cwd: folder }),
  ])

  for (const { code, err } of answers) {
    expect(code).toBe(2)
    expect(err).toContain(`lies inside of ${folder}`)
    expect(err).toContain('--repo')
  }
  expect(readdirSync(folder).sort()).toEqual(['.git', 'inside'])
})

test('a name that is no model name is refused before anything is written', async () => {
  const folder = emptyFolder()
  await writePredictions(folder, 'new.csv', '1.1.0', 50)
  const from = ['init', '--repo', 'registry', '--from', 'new.csv', '--label', 'label', '--score', 'score']

  const init = await weighbridge([...from, '--model', 'Churn Model'], { cwd: folder })

  expect(init.code).toBe(2)
  expect(init.err).toContain('"Churn Model" is no model name')
  expect(init.err).toContain('Lower-case letters')
  expect(readdirSync(folder)).toEqual(['new.csv'])
})

test('called from a hook of another repository, it touches only its own', async () => {
  const folder = emptyFolder()
  const [other, own] = [join(folder, 'other'), join(folder, 'own')]
  mkdirSync(other)
  git(other, 'init', '--quiet')
  const env = { GIT_DIR: join(other, '.git'), GIT_WORK_TREE: other, GIT_INDEX_FILE: join(other, '.git/index') }

  const init = await weighbridge(['init', '--repo', own], { cwd: folder, env })
  const check = await weighbridge(['check', '--repo', own], { cwd: folder, env })

  expect([init.code, check.code]).toEqual([0, 0])
  expect(git(other, 'for-each-ref')).toBe('')
  expect(readdirSync(other)).toEqual(['.git'])
})
