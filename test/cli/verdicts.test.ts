import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { fixture } from '../support/fixtures.ts'
import { multiclass, writeMulticlass } from '../support/multiclass-table.ts'
import { ledgerClone } from './ledger-clone.ts'
import { LAUNCH, ROOT, scratch, shell, weighbridge, writePredictions } from './terminal-user.ts'

let folder = ''
let registry = ''
const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: registry, encoding: 'utf8' })

beforeAll(async () => {
  folder = scratch()
  registry = join(folder, 'registry')
  await writePredictions(folder, 'old.csv', '1.0.0')
  await writePredictions(folder, 'new.csv', '1.1.0')
  await writePredictions(folder, 'poor.csv', '1.3.0')
  await weighbridge(['init', '--repo', registry])
  const manifest = join(registry, 'deploy/production/adult.yml')
  git('switch', '--quiet', '--create', 'promote-1.3.0', 'main')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll('1.0.0', '1.3.0'))
  git(
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=ada@example.com',
    'commit',
    '--quiet',
    '--all',
    '--message',
    'serve 1.3.0',
  )
  git('switch', '--quiet', 'promote-adult-1.1.0')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const judge = (candidate: string, ...more: readonly string[]) =>
  weighbridge(
    [
      'judge',
      '--candidate',
      candidate,
      '--incumbent',
      'old.csv',
      '--id',
      'row_id',
      '--label',
      'label',
      '--score',
      'score',
      ...more,
    ],
    { cwd: folder },
  )

test('judge exits 0 passed, 1 held, 2 bad input, 3 could not decide', async () => {
  const answers = await Promise.all([
    judge('new.csv'),
    judge('poor.csv'),
    judge('nowhere.csv'),
    judge('new.csv', '--sensitive', 'sex'),
  ])

  expect(answers.map(({ code }) => code)).toEqual([0, 1, 2, 3])
  expect(answers[3]?.out).toMatch(/^(\S )?Held: could not decide/)
})

test('check exits 0 passed, 1 held, 2 bad input, 3 when a gate was left out', async () => {
  const check = (...args: readonly string[]) => weighbridge(['check', ...args], { cwd: registry })
  const passed = await check()
  const [held, bad, undecided] = await Promise.all([
    check('--head', 'promote-1.3.0'),
    check('--head', 'nowhere'),
    check('--skip', 'fairness'),
  ])

  expect([passed, held, bad, undecided].map(({ code }) => code)).toEqual([0, 1, 2, 3])
  expect(held.out).toContain('roc_auc')
  expect(bad.err).toContain('there is no commit "nowhere" here')
  expect(bad.err).toContain('Name a branch, tag or commit')
})

test('validate exits 0 when all is sound and 2 on any mistake', async () => {
  const broken = join(folder, 'broken')
  mkdirSync(join(broken, '.github'), { recursive: true })
  writeFileSync(join(broken, '.github/weighbridge.yml'), 'version: 2\n')

  expect(await weighbridge(['validate'], { cwd: registry })).toMatchObject({ code: 0 })
  expect(await weighbridge(['validate'], { cwd: join(registry, 'models/adult') })).toMatchObject({ code: 0 })
  expect(await weighbridge(['validate'], { cwd: broken })).toMatchObject({ code: 2 })
})

/** Every way out of this machine is shut. */
const OFFLINE = (() => {
  const shut = `import net from 'node:net'; import dns from 'node:dns';
    const refuse = () => { process.stderr.write('a socket was opened'); process.exit(99) };
    const { connect } = net.Socket.prototype;
    net.Socket.prototype.connect = function (...all) {
      const { host, path } = all.flat()[0] ?? {};
      return path || host === '127.0.0.1' ? connect.apply(this, all) : refuse();
    };
    const { lookup } = dns;
    dns.lookup = (name, ...all) => name === '127.0.0.1' ? lookup(name, ...all) : refuse();
    dns.promises.lookup = refuse;`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shut)}` }
})()

test('the six stories of the demo and its training come out as told without any network, and leave nothing behind', async () => {
  const temporary = join(folder, 'temporary')
  mkdirSync(temporary)

  const check = await weighbridge(['check'], { cwd: registry, env: OFFLINE })
  const demo = await weighbridge(['demo', '--exit', '--json'], { env: { ...OFFLINE, TMPDIR: temporary } })

  expect(check).toMatchObject({ code: 0, err: '' })

  const { schema, stories, api_calls, training } = JSON.parse(demo.out)
  const [first, second] = stories
  expect(demo).toMatchObject({ code: 0, err: '' })
  expect(schema).toBe('weighbridge.demo/v1')
  expect(stories.map((story: { as_told: boolean }) => story.as_told)).toEqual([true, true, true, true, true, true])
  expect(stories.map((story: { merged: boolean }) => story.merged)).toEqual([true, false, false, false, false, false])
  expect(first.ledger.map((line: { kind: string }) => line.kind)).toEqual(
    expect.arrayContaining(['decided', 'deployed']),
  )
  expect(first.deployments).toMatchObject([{ environment: 'production', state: 'success' }])
  expect(second.published).toContainEqual(
    expect.objectContaining({ name: 'weighbridge / fairness', conclusion: 'failure' }),
  )
  expect(api_calls).toBeLessThan(150)
  expect(training).toMatchObject({ as_told: true, candidate: { state: 'merged' }, promotion: { state: 'merged' } })
  expect(training.refused.answer).toContain('dana does not hold role trainer for adult')
  expect(execFileSync('ls', ['-A', temporary], { encoding: 'utf8' })).toBe('')
}, 120_000)

const MODEL = ['--model', fixture('adult/models/1.0.0.onnx'), '--data', fixture('adult/evaluation.parquet')]

const GOOD: Readonly<Record<string, readonly string[]>> = {
  judge: ['--candidate', 'new.csv', '--incumbent', 'old.csv', '--id', 'row_id', '--label', 'label', '--score', 'score'],
  init: ['--repo', 'fresh'],
  validate: ['--repo', 'registry'],
  schema: ['policy'],
  check: ['--repo', 'registry'],
  evaluate: ['--repo', 'registry', 'adult@1.1.0'],
  list: ['--repo', 'registry'],
  show: ['--repo', 'registry', 'adult@1.1.0'],
  history: ['--repo', 'registry', 'adult'],
  compare: ['--repo', 'registry', 'adult@1.0.0', '1.1.0'],
  search: ['--repo', 'registry', 'version != "0.0.0"'],
  lineage: ['--repo', 'registry', 'adult@1.1.0'],
  promote: ['--repo', 'registry', 'adult@1.2.0', 'production', '--dry-run'],
  retire: ['--repo', 'registry', 'adult@1.3.0', '--reason', 'old', '--dry-run'],
  sim: ['--repo', 'registry', 'scenario.yml'],
  ledger: ['keys'],
  plan: ['--repo', 'registry', 'adult'],
  metrics: ['--data', 'new.csv', '--label', 'label', '--score', 'score'],
  'compare-predictions': ['--a', 'old.csv', '--b', 'new.csv', '--id', 'row_id', '--label', 'label', '--score', 'score'],
  fairness: ['--data', 'new.csv', '--label', 'label', '--score', 'score', '--across', 'sex'],
  drift: ['--reference', 'old.csv', '--current', 'new.csv'],
  quality: ['--data', 'new.csv'],
  profile: ['--data', 'new.csv', '--out', 'profile.json'],
  'merge-profiles': ['profile.json', 'profile.json'],
  explain: [...MODEL, '--label', 'label', '--repeats', '2', '--sample', '200'],
  register: [
    ...['--repo', 'registry', '--model', 'adult', '--artifact', fixture('adult/models/1.0.0.onnx')],
    ...['--reference', 'new.csv', '--seed', '7', '--dry-run', '--allow-dirty'],
  ],
  checkpoint: ['--repo', 'registry', 'save', 'new.csv', '--to', 'file:.weighbridge/store/adult/checkpoints/a/epoch-1'],
  bench: [...MODEL, '--calls', '40', '--batches', '1', '--threads', '1'],
}
const SCENARIO = `about: Prose passes.
given: { people: { dana: {} } }
steps:
  - opens: { branch: prose, by: dana, files: { README.md: hello } }
  - expects: { pull: prose, verdict: passed }
`
/** They run until they are told to end; demo has a test of its own, and setup waits for a browser. */
const RUNS_ON = ['serve', 'setup', 'demo']

test('with --json every command answers with one document that names its schema', async () => {
  const good: typeof GOOD = { ...GOOD, audit: ['--repo', (await ledgerClone()).clone] }
  writeFileSync(join(folder, 'scenario.yml'), SCENARIO)
  for (const { name } of COMMANDS.filter((command) => !RUNS_ON.includes(command.name))) {
    const answer = await weighbridge([name, '--json', ...(good[name] ?? ['missing from the table'])], {
      cwd: folder,
    })
    expect({ name, code: answer.code, err: answer.err }).toEqual({ name, code: 0, err: '' })
    const document = JSON.parse(answer.out)
    expect(document.schema ?? document.$id).toMatch(/^weighbridge\.[a-z-]+\/v1$|^https:\/\/weighbridge\.dev\/schema\//)
  }
}, 120_000)

test('with --json trouble is a document, too, and help as well', async () => {
  const wrong = await Promise.all(COMMANDS.map(({ name }) => weighbridge([name, '--json', '--bogus'])))
  const unknown = await weighbridge(['nothing', '--json'])
  const helps = await Promise.all([weighbridge(['--help', '--json']), weighbridge(['check', '--help', '--json'])])

  for (const answer of [...wrong, unknown]) {
    expect(answer).toMatchObject({ code: 2, err: '' })
    expect(JSON.parse(answer.out)).toMatchObject({
      schema: 'weighbridge.error/v1',
      error: { kind: 'InvalidCommand', exit: 2, message: expect.any(String), mend: expect.stringMatching(/./) },
    })
  }
  for (const help of helps) expect(JSON.parse(help.out).schema).toBe('weighbridge.help/v1')
})

test('the page is written where it was asked for, and a place that is none is bad input', async () => {
  const page = await judge('new.csv', '--html', 'page.html')
  const nowhere = await judge('new.csv', '--html', 'no/such/folder/page.html')

  expect(page.code).toBe(0)
  expect(readFileSync(join(folder, 'page.html'), 'utf8')).toMatch(/^<!doctype html>/i)
  expect(nowhere.code).toBe(2)
  expect(nowhere.err).toContain('Make its folder first.')
})

test('a repository is found from where npm was called, from a folder inside it, and by --repo', async () => {
  const models = join(registry, 'models/adult')
  const answers = await Promise.all([
    shell(`npm --prefix "${ROOT}" run --silent weighbridge -- list`, registry),
    weighbridge(['list'], { cwd: ROOT, env: { npm_lifecycle_event: 'weighbridge', INIT_CWD: models } }),
    weighbridge(['list'], { cwd: models }),
    weighbridge(['list', '--repo', 'registry'], { cwd: folder }),
  ])

  for (const answer of answers) expect(answer.out).toMatch(/^model +versions +latest +production\nadult +4 /)
})

test('an older Node starts the one that npm installed', async () => {
  const old = olderNode()
  if (old === null) return
  const answer = await weighbridge(['list', '--repo', registry], { node: old })
  const wrong = await weighbridge(['list', '--repo', registry, '--bogus'], { node: old })

  expect(answer).toMatchObject({ code: 0, err: '' })
  expect(wrong.code).toBe(2)
  expect(LAUNCH).toMatch(/launch\.js$/)
})

/** A Node on the PATH that is too old to run TypeScript; null on machines that have none. */
function olderNode(): string | null {
  for (const place of (process.env.PATH ?? '').split(':')) {
    const node = join(place, 'node')
    try {
      const version = execFileSync(node, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      if (Number(/^v(\d+)/.exec(version)?.[1]) < 24) return node
    } catch {
      // no node in this place of the PATH
    }
  }
  return null
}

test('two files of several classes are judged by the same rules, groups by who gets the class that is named', async () => {
  const [old, young] = [writeMulticlass(folder, '1.0.0'), writeMulticlass(folder, '1.1.0')]
  const grouped = (path: string) => {
    const [head = '', ...rows] = readFileSync(path, 'utf8').trim().split('\n')
    const lines = rows.map((row, index) => `${row},${index % 2 === 0 ? 'red' : 'blue'}`)
    writeFileSync(path, `${[`${head},team`, ...lines].join('\n')}\n`)
  }
  for (const path of [old, young]) grouped(path)
  writeFileSync(
    join(folder, 'classes.yml'),
    `gates:
  metrics: [{metric: roc_auc_ovr_macro, min: 0.9}, {metric: accuracy, against: incumbent, max_drop: 0.01, confidence: 0.9}]
  fairness: [{across: team, metric: equal_opportunity_difference, max: 0.9}]
`,
  )
  const files = ['--incumbent', old, '--candidate', young, '--id', 'row_id', '--label', 'y', '--score-prefix', 'score_']
  const args = ['judge', ...files, '--sensitive', 'team', '--policy', join(folder, 'classes.yml'), '--json']

  const named = await weighbridge([...args, '--positive', 'b'])
  const unnamed = await weighbridge(args)

  const [metrics, fairness] = JSON.parse(named.out).verdict.children
  const { metrics: expected } = multiclass.versions['1.1.0']
  expect([named.code, named.err]).toEqual([0, ''])
  expect(metrics.children[0].measured).toBeCloseTo(expected.roc_auc_ovr_macro, 12)
  expect(metrics.children[1]).toMatchObject({ measured: expected.accuracy, status: 'passed' })
  expect(fairness.children[0].exhibits[0].groups.map(({ group }: { group: object }) => group)).toEqual([
    { team: 'blue' },
    { team: 'red' },
  ])
  expect(unnamed.code).toBe(3)
  expect(unnamed.out).toContain('no class is the favourable one')
})
