import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openCheckout } from '../../../src/adapters/checkout/checkout.ts'
import { workingTree } from '../../../src/adapters/checkout/working-tree.ts'

test('what is committed is read, never what lies in the working tree', async () => {
  const repository = newRepository({ 'a.txt': 'committed' })
  repository.write('a.txt', 'changed')
  const checkout = await openCheckout(repository.folder)

  const files = await (await headOf(checkout)).read(['a.txt', 'absent.txt'])

  expect([...files.keys()]).toEqual(['a.txt'])
  expect(text(files.get('a.txt'))).toBe('committed')
})

test('names with spaces, quotes, newlines, stars and leading colons are names', async () => {
  const names = [' a b', 'quo"te', 'new\nline', 'star*', ':(glob)x', 'ünï', '-dash', '[ab]']
  const repository = newRepository(Object.fromEntries(names.map((name) => [`folder/${name}`, name])))
  const snapshot = await headOf(await openCheckout(repository.folder))

  const files = await snapshot.read(names.map((name) => `folder/${name}`))

  expect([...files].map(([path, file]) => [path, text(file)]).sort()).toEqual(
    names.map((name) => [`folder/${name}`, name]).sort(),
  )
  expect((await snapshot.list('folder')).map((entry) => entry.path).sort()).toEqual(
    names.map((name) => `folder/${name}`).sort(),
  )
})

test('links are the text of their target, and more files than a command line holds are read', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 2500 }, (_, index) => [`many/${'x'.repeat(80)}-${index}`, String(index)]),
  )
  const repository = newRepository(many, (folder) => symlinkSync('/etc/passwd', join(folder, 'link')))
  const snapshot = await headOf(await openCheckout(repository.folder))

  const files = await snapshot.read([...Object.keys(many), 'link'])

  expect(files.size).toBe(2501)
  expect(files.get('link')?.mode).toBe('120000')
  expect(text(files.get('link'))).toBe('/etc/passwd')
})

test('a huge file is known to be huge without being held', async () => {
  const repository = newRepository({ 'huge.yml': 'x'.repeat(3 * 1024 * 1024) })
  const snapshot = await headOf(await openCheckout(repository.folder))

  const file = (await snapshot.read(['huge.yml'])).get('huge.yml')

  expect(file!.bytes.length).toBe(1024 * 1024 + 1)
})

test('a rename is a removal and an addition, a mode is a change', async () => {
  const repository = newRepository({ 'old.txt': 'same', 'tool.sh': 'x' })
  repository.git('mv', 'old.txt', 'new.txt')
  repository.git('update-index', '--chmod=+x', 'tool.sh')
  repository.git('commit', '--quiet', '-m', 'rename')
  const checkout = await openCheckout(repository.folder)

  const changed = await checkout.diff(await checkout.resolve('HEAD^'), await checkout.resolve('HEAD'))

  expect(changed.map(({ path, status }) => [path, status])).toEqual([
    ['new.txt', 'added'],
    ['old.txt', 'removed'],
    ['tool.sh', 'modified'],
  ])
  expect(changed[2]?.mode).toEqual({ from: '100644', to: '100755' })
})

test('a hook that calls us does not make us read its own repository', async () => {
  const [own, other] = [newRepository({ 'a.txt': 'own' }), newRepository({ 'a.txt': 'other' })]
  process.env.GIT_DIR = join(other.folder, '.git')
  onTestFinished(() => {
    delete process.env.GIT_DIR
  })

  const files = await (await headOf(await openCheckout(own.folder))).read(['a.txt'])

  expect(text(files.get('a.txt'))).toBe('own')
})

test('objects that were replaced locally are read as they were committed', async () => {
  const repository = newRepository({ 'a.txt': 'honest' })
  repository.write('evil.txt', 'evil')
  const evil = repository.git('hash-object', '-w', 'evil.txt').trim()
  repository.git('replace', repository.git('rev-parse', 'HEAD:a.txt').trim(), evil)

  const files = await (await headOf(await openCheckout(repository.folder))).read(['a.txt'])

  expect(text(files.get('a.txt'))).toBe('honest')
})

test('a ref that looks like an option, and one that is not there, are refused by name', async () => {
  const checkout = await openCheckout(newRepository({ 'a.txt': 'x' }).folder)

  for (const ref of ['--help', '-x', 'absent', '', 'HEAD:a.txt', 'a b'])
    await expect(checkout.resolve(ref)).rejects.toThrow(`there is no commit "${ref}" here`)
})

test('history finds a line whatever characters it holds, and nothing that only looks alike', async () => {
  const repository = newRepository({ 'deploy/a.yml': 'version: 1.1.0\n' })
  repository.write('deploy/a.yml', 'version: 1x1x0\n')
  repository.git('commit', '--quiet', '--all', '-m', 'alike')
  repository.write('deploy/b.yml', 'name: (a+b)*[c]$\n')
  repository.git('add', '--all')
  repository.git('commit', '--quiet', '-m', 'odd')
  const checkout = await openCheckout(repository.folder)
  const head = await checkout.resolve('HEAD')

  expect(await checkout.history(head, 'deploy', '1.1.0')).toHaveLength(2)
  expect(await checkout.history(head, 'deploy', '1x1x0')).toHaveLength(1)
  expect(await checkout.history(head, 'deploy', '(a+b)*[c]$')).toHaveLength(1)
  expect(await checkout.history(head, 'elsewhere', '1.1.0')).toEqual([])
})

test('the working tree lists what lies there, links unfollowed, Git and caches left out', async () => {
  const repository = newRepository({ 'models/a/model.yml': 'a', '.weighbridge/x': 'cache' }, (folder) =>
    symlinkSync('/etc', join(folder, 'models/link')),
  )
  const tree = workingTree(repository.folder)

  expect((await tree.list('')).map((entry) => entry.path)).toEqual(['models/a/model.yml', 'models/link'])
  expect((await tree.read(['models/link', 'models', 'absent'])).get('models/link')?.mode).toBe('120000')
})

async function headOf(checkout: Awaited<ReturnType<typeof openCheckout>>) {
  return checkout.snapshot(await checkout.resolve('HEAD'))
}

function text(file: { readonly bytes: Uint8Array } | undefined): string | undefined {
  return file && new TextDecoder().decode(file.bytes)
}

function newRepository(files: Readonly<Record<string, string>>, more: (folder: string) => void = () => undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-checkout-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost.invalid', ...args], {
      cwd: folder,
      encoding: 'utf8',
      input: '',
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  for (const [path, content] of Object.entries(files)) write(path, content)
  more(folder)
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '-m', 'first')
  return { folder, git, write }
}
