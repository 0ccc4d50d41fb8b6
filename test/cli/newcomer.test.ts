import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptyFolder, scratch, typesHere, weighbridge, writePredictions } from './terminal-user.ts'

const PREDICTIONS = ['--incumbent', 'old.csv', '--label', 'label', '--score', 'score']
let folder = ''

beforeAll(async () => {
  folder = scratch()
  await writePredictions(folder, 'old.csv', '1.0.0')
  await writePredictions(folder, 'new.csv', '1.1.0')
  await writePredictions(folder, 'poor.csv', '1.3.0')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('two prediction files of 500 rows get a verdict in one command', async () => {
  const better = await weighbridge(['judge', '--candidate', 'new.csv', '--id', 'row_id', ...PREDICTIONS], {
    cwd: folder,
  })
  const worse = await weighbridge(['judge', '--candidate', 'poor.csv', '--id', 'row_id', ...PREDICTIONS], {
    cwd: folder,
  })

  expect(better).toMatchObject({ code: 0, err: '' })
  expect(better.out).toMatch(/^(\S )?Passed\./)
  expect(better.out).toMatch(/roc_auc.* 0\.9247 \[0\.9/)
  expect(worse.code).toBe(1)
  expect(worse.out).toMatch(/^(\S )?Held\./)
  expect(worse.out.replace(/\s+/g, ' ')).toMatch(/roc_auc fell by 0\.\d+/)
})

test('a registry made of two prediction files is clean, and its check holds for one named reason: nobody ran the model', async () => {
  const registry = join(emptyFolder(), 'registry')

  const init = await weighbridge(['init', '--repo', registry, '--from', 'new.csv', ...PREDICTIONS], { cwd: folder })
  const validate = await weighbridge(['validate'], { cwd: registry })
  const check = await weighbridge(['check', '--json'], { cwd: registry })

  expect(init).toMatchObject({ code: 0, err: '' })
  expect(init.out).toMatch(/^Next: cd \S+ && weighbridge check$/m)
  expect(validate).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ files, no mistakes\.\n$/) })
  const { verdict, changes } = JSON.parse(check.out)
  expect(check.code).toBe(3)
  expect(changes).toMatchObject([{ kind: 'promotion', model: 'new', from: '1.0.0', to: '1.1.0' }])
  expect(reasonsOf(verdict)).toEqual(['provenance'])
  expect(verdict.because).toContain('The numbers are claimed, and the policy takes attested')
})

test('margins of a new registry are fitted to its rows, and the policy says why', async () => {
  const registry = join(emptyFolder(), 'registry')

  await weighbridge(['init', '--repo', registry, '--from', 'new.csv', ...PREDICTIONS], { cwd: folder })

  const policy = readFileSync(join(registry, 'policies/production.yml'), 'utf8')
  expect(policy).toContain('fitted to 500 rows')
  expect(policy).toMatch(
    /# On 500 rows an equally good model .*\n {4}- \{metric: roc_auc, .*max_drop: 0\.02, confidence: 0\.9\}/,
  )
  expect(policy).toMatch(/loosen: \[metrics\/roc_auc\/incumbent\]/)
})

test('without predictions a newcomer gets an example that validates and passes', async () => {
  const registry = emptyFolder()

  const init = await weighbridge(['init'], { cwd: registry })
  const validate = await weighbridge(['validate'], { cwd: registry })
  const check = await weighbridge(['check'], { cwd: registry })

  expect(init.code).toBe(0)
  expect(validate).toMatchObject({ code: 0, out: '8 files, no mistakes.\n' })
  expect(check.code).toBe(0)
  expect(check.out).toMatch(/^(\S )?Passed\. \d+ gates passed/)
  expect(check.out).not.toContain('not committed')

  writeFileSync(join(registry, 'policies/production.yml'), 'extends: weighbridge/strict\n')
  writeFileSync(join(registry, 'models/adult/versions/1.4.0.yml'), 'model: adult\n')
  const edited = await typesHere(['check'], registry)

  expect(edited.out.replace(/\s+/g, ' ')).toContain(
    'Changes that are not committed are not weighed: policies/production.yml and models/adult/versions/1.4.0.yml.',
  )
})

test('a folder that is a registry already is left alone, with the way on', async () => {
  const registry = emptyFolder()
  await weighbridge(['init'], { cwd: registry })
  const before = readFileSync(join(registry, '.github/weighbridge.yml'), 'utf8')

  const again = await weighbridge(['init'], { cwd: registry })

  expect(again.code).toBe(2)
  expect(again.err).toContain('.github/weighbridge.yml is there already')
  expect(again.err).toContain('weighbridge validate')
  expect(readFileSync(join(registry, '.github/weighbridge.yml'), 'utf8')).toBe(before)
})

test('a label that is not in the file is named, with the one that was meant, and nothing is written', async () => {
  const registry = join(emptyFolder(), 'registry')

  const init = await weighbridge(
    ['init', '--repo', registry, '--from', 'new.csv', '--incumbent', 'old.csv', '--label', 'lable', '--score', 'score'],
    { cwd: folder },
  )

  expect(init.code).toBe(2)
  expect(init.err).toContain('lable')
  expect(init.err).toContain('label')
  expect(existsSync(registry)).toBe(false)
})

test('labels of which none is positive decide nothing', async () => {
  const words = readFileSync(join(folder, 'new.csv'), 'utf8').replace(/^(\d+),[01],/gm, '$1,no,')
  writeFileSync(join(folder, 'words.csv'), words)

  const judge = await weighbridge(['judge', '--candidate', 'words.csv', '--id', 'row_id', ...PREDICTIONS], {
    cwd: folder,
  })

  expect(judge.code).not.toBe(0)
  expect(`${judge.out}${judge.err}`).toMatch(/no positive rows|label/)
})

interface Node {
  readonly status: string
  readonly reason?: string
  readonly because: string
  readonly advisory?: true
  readonly children: readonly Node[]
}

/** Distinct reasons of the leaves that hold. */
function reasonsOf(node: Node): readonly string[] {
  const holds = (one: Node) => one.advisory !== true && (one.status === 'failed' || one.status === 'inconclusive')
  const leaves = (one: Node): readonly Node[] =>
    one.children.some(holds) ? one.children.filter(holds).flatMap(leaves) : [one]
  return [...new Set(leaves(node).map((leaf) => leaf.reason ?? leaf.because))]
}
