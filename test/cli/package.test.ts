import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { answerOf, emptyFolder, ROOT, writePredictions } from './terminal-user.ts'

const npm = (cwd: string, ...args: readonly string[]) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

test.skipIf(!process.env.WEIGHBRIDGE_DEEP)(
  'the package that npm packs runs from the node_modules of an empty folder, children included',
  { timeout: 300_000 },
  async () => {
    const folder = emptyFolder()
    npm(ROOT, 'run', '--silent', 'build')
    const [packed] = JSON.parse(npm(ROOT, 'pack', '--json', '--pack-destination', folder))
    writeFileSync(join(folder, 'package.json'), '{"private": true}')
    npm(
      folder,
      'install',
      '--prefer-offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      join(folder, packed.filename),
    )
    await writePredictions(folder, 'old.csv', '1.0.0')
    await writePredictions(folder, 'new.csv', '1.1.0')

    const version = await installed(folder, '--version')
    const judge = await installed(folder, 'judge', '--candidate', 'new.csv', '--incumbent', 'old.csv', ...COLUMNS)
    const init = await installed(folder, 'init', '--repo', 'registry')
    const validate = await installed(folder, 'validate', '--repo', 'registry')
    const check = await installed(folder, 'check', '--repo', 'registry')
    const demo = await installed(folder, 'demo', '--exit')

    expect(packed.files.filter(({ path }: { path: string }) => path.startsWith('src/'))).toHaveLength(1)
    expect(existsSync(join(folder, 'node_modules/weighbridge/dist/src/cli.js'))).toBe(true)
    expect(version).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^weighbridge \d+\.\d+\.\d+\n$/) })
    expect(judge).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^(\S )?Passed\./) })
    expect(init).toMatchObject({ code: 0, err: '' })
    expect(validate).toMatchObject({ code: 0, out: expect.stringContaining('no mistakes') })
    expect(check).toMatchObject({ code: 0, out: expect.stringMatching(/^(\S )?Passed\./) })
    expect(demo).toMatchObject({ code: 0, err: '', out: expect.stringContaining('6 of 6 came out as told') })
    expect(readdirSync(folder)).not.toContain('dist')
  },
)

const COLUMNS = ['--id', 'row_id', '--label', 'label', '--score', 'score']

function installed(folder: string, ...args: readonly string[]) {
  const program = join(folder, 'node_modules/.bin/weighbridge')
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  return answerOf(spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }))
}
