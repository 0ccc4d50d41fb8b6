import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isDirty, writeEdit } from '../../src/adapters/checkout/edit-file.ts'
import { openWorld, temporaryFolder } from '../support/registry-world.ts'

test('an edit replaces the file whole, keeps its mode and leaves nothing else behind', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'deploy'))
  writeFileSync(join(folder, 'deploy/a.yml'), 'a: 1\n')
  chmodSync(join(folder, 'deploy/a.yml'), 0o640)

  await writeEdit(folder, { path: 'deploy/a.yml', before: 'a: 1\n', after: 'a: 2\n' })

  expect(readFileSync(join(folder, 'deploy/a.yml'), 'utf8')).toBe('a: 2\n')
  expect(statSync(join(folder, 'deploy/a.yml')).mode & 0o777).toBe(0o640)
  expect(readdirSync(join(folder, 'deploy'))).toEqual(['a.yml'])
})

test('a file that changed meanwhile is not written over', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'a.yml'), 'a: mine\n')

  const writing = writeEdit(folder, { path: 'a.yml', before: 'a: 1\n', after: 'a: 2\n' })

  await expect(writing).rejects.toThrow('a.yml has changed while it was read')
  expect(readFileSync(join(folder, 'a.yml'), 'utf8')).toBe('a: mine\n')
})

test('nothing is written through a link, of the file or of a folder above it', async () => {
  const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()]
  writeFileSync(join(elsewhere, 'a.yml'), 'a: 1\n')
  symlinkSync(join(elsewhere, 'a.yml'), join(folder, 'a.yml'))
  symlinkSync(elsewhere, join(folder, 'deploy'))

  for (const path of ['a.yml', 'deploy/a.yml'])
    await expect(writeEdit(folder, { path, before: 'a: 1\n', after: 'a: 2\n' })).rejects.toThrow('is a link')
  expect(readFileSync(join(elsewhere, 'a.yml'), 'utf8')).toBe('a: 1\n')
})

test('a file is dirty when it differs from the last commit or never was in one', async () => {
  const { folder } = await openWorld()
  writeFileSync(join(folder, 'models/compas/notes.md'), 'x')

  expect(await isDirty(folder, 'models/compas/model.yml')).toBe(false)
  expect(await isDirty(folder, 'models/compas/notes.md')).toBe(true)
  writeFileSync(join(folder, 'models/compas/model.yml'), 'x')
  expect(await isDirty(folder, 'models/compas/model.yml')).toBe(true)
})
