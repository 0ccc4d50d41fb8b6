import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { renderHtml } from '../../src/report/html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import {
  configurationFile,
  everyWord,
  findings,
  fixtureBytes,
  gate,
  manifestFile,
  modelFile,
  openWorld,
  recordPath,
  STORE,
  said,
  statuses,
  stored,
  storedTable,
  temporaryFolder,
  versionFiles,
  type World,
  yaml,
} from '../support/registry-world.ts'

const EXAM = storedTable('compas/evaluation.csv').reference
const REFERENCE = storedTable('compas/train.csv').reference

test('claims never judge: what a record says of its numbers is shown at most, and passes nothing (S28)', async () => {
  const world = await openWorld({ policy: { gates: { metrics: [{ metric: 'roc_auc', min: 0.9 }] } } })

  const check = await world.check({ head: await promotes(world, '1.2.0', { claims: { roc_auc: 0.999 } }) })

  expect(gate(check, 'metrics').status).toBe('failed')
})

test('an opaque artifact is never opened: its predictions are claimed, and would have said is not passed', async () => {
  const predictions = stored(
    'compas/predictions.csv',
    predictionsOf((label) => (label === 1 ? 0.9 : 0.1)),
  )
  const world = await openWorld({ files: [predictions.file] })
  const record = {
    artifact: { ...stored('compas/1.2.0/model.onnx', 'not a model').reference, size_bytes: 11, format: 'opaque' },
    ...evaluation({ predictions: { ...predictions.reference, id: 'row_id' } }),
  }
  const files = versionFiles({ set: 'compas', version: '1.2.0', bytes: Buffer.from('not a model'), record })

  const check = await world.check({ head: await world.opens('opaque', ...files, manifestFile('compas', '1.2.0')) })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(gate(check, 'metrics').children[0]?.provenance).toBe('claimed')
  expect(said(check)).toContain('Claimed evidence never passes. They would have said: passed.')
})

test.for([
  ['NaN', 'NaN'],
  ['infinity', 'inf'],
  ['nothing', ''],
  ['a word', 'high'],
] as const)('predictions that hold %s decide nothing and say how many', async ([, text]) => {
  const rows = predictionsOf((label) => label).split('\n')
  const broken = rows.map((row, index) => (index > 0 && index < 4 ? `${row.split(',')[0]},${text}` : row)).join('\n')
  const check = await (await opaqueWorld(broken)).check({ head: 'opaque' })

  expect(['failed', 'inconclusive']).toContain(gate(check, 'metrics').status)
  expect(said(check)).toMatch(/3 (predictions|rows|answers)|not (finite|a )|score.*(text|number)/i)
})

test('predictions of other rows, or of half the rows, decide nothing and say how many are missing', async () => {
  const half = predictionsOf((label) => label)
    .split('\n')
    .slice(0, 740)
    .join('\n')

  const check = await (await opaqueWorld(half)).check({ head: 'opaque' })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toContain('739 rows of the exam have no prediction of 1.2.0')
})

test('an exam of one class has no ROC AUC: it is not decided, and says why', async () => {
  const one = stored(
    'data/one-class.csv',
    compasRows((cells, at) => cells.with(at('label'), '1')),
  )
  const world = await openWorld({ model: { evaluation: { data: one.reference } }, files: [one.file] })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toMatch(/there are no negative rows/)
})

test('an exam without rows decides nothing (S30)', async () => {
  const none = stored(
    'data/none.csv',
    compasRows(() => null),
  )
  const world = await openWorld({ model: { evaluation: { data: none.reference } }, files: [none.file] })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toMatch(/no rows|0 rows/)
})

test.for([
  ['another prefix', 's3://elsewhere/model.onnx'],
  ['a way up', `file:${STORE}/../../../etc/passwd`],
  ['an absolute path', 'file:/etc/passwd'],
  ['a neighbour with the same beginning', `file:${STORE}-evil/model.onnx`],
  ['an encoded way up', `file:${STORE}/%2e%2e/secret`],
  ['a metadata service', 'http://169.254.169.254/latest/meta-data/'],
  ['the keys of the checkout', 'file:.git/weighbridge/seal.key'],
] as const)('a record points only below the configured prefixes: %s (S46)', async ([, uri]) => {
  const world = await openWorld()
  const record = { artifact: { uri, digest: `sha256:${'0'.repeat(64)}`, format: 'onnx' } }
  const files = versionFiles({ set: 'compas', version: '1.2.0', bytes: Buffer.from('x'), record })

  const check = await world.check({ head: await world.opens('outside', ...files, manifestFile('compas', '1.2.0')) })

  expect(check.verdict.status).toBe('failed')
  expect(everyWord(check)).not.toContain('root:')
  expect(said(check)).toMatch(/outside the configured store|must (be|not hold)/)
})

test('a link out of the checkout is not followed, whichever part of the path it is (S46)', async () => {
  const secret = temporaryFolder()
  writeFileSync(join(secret, 'model.onnx'), fixtureBytes('compas/models/1.0.0.onnx'))
  const world = await openWorld()
  mkdirSync(join(world.folder, STORE, 'compas/1.2.0'), { recursive: true })
  mkdirSync(join(world.folder, STORE, 'compas/1.3.0'), { recursive: true })
  symlinkSync(join(secret, 'model.onnx'), join(world.folder, STORE, 'compas/1.2.0/model.onnx'))
  const [, record] = versionFiles({ set: 'compas', version: '1.2.0', bytes: fixtureBytes('compas/models/1.0.0.onnx') })

  const check = await world.check({ head: await world.opens('link', record!, manifestFile('compas', '1.2.0')) })

  expect(statuses(check).integrity).not.toBe('passed')
  expect(said(check)).toContain('leaves the folder of the repository')
})

test('evidence is not written through a link that a commit put there', async () => {
  const elsewhere = temporaryFolder()
  const world = await openWorld({ warm: false })
  symlinkSync(elsewhere, join(world.folder, '.weighbridge/evidence'))

  await expect(world.check({ head: await world.opensPromotion('1.1.0') })).rejects.toThrow(/is a link/)

  expect(readdirSync(elsewhere)).toEqual([])
})

test('evidence that somebody planted under the right key is computed again, and integrity says so (S55)', async () => {
  const world = await openWorld({ warm: false, policy: { gates: { metrics: [{ metric: 'roc_auc', min: 0.9 }] } } })
  const branch = await world.opensPromotion('1.1.0')
  const honest = await world.check({ head: branch })
  for (const file of evidenceFiles(world))
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/0\.71\d+/g, '0.999'))

  const check = await world.check({ head: branch })

  expect(gate(check, 'metrics').children[0]?.measured).toBe(gate(honest, 'metrics').children[0]?.measured)
  expect(check.verdict.status).toBe('failed')
  expect(
    findings(check, 'integrity')
      .map((found) => found.because)
      .join(' '),
  ).toMatch(/not ours|seal/i)
})

test('scores planted in the cache are computed again too, and integrity says so', async () => {
  const world = await openWorld({ warm: false })
  const branch = await world.opensPromotion('1.1.0')
  await world.check({ head: branch })
  for (const file of evidenceFiles(world)) {
    const isScores = readFileSync(file, 'utf8').includes('"prediction"')
    writeFileSync(file, isScores ? '{"document":{}}' : '', { flag: 'w' })
  }

  const check = await world.check({ head: branch })

  expect(check.verdict.status).toBe('passed')
  expect(
    findings(check, 'integrity')
      .map((found) => found.because)
      .join(' '),
  ).toMatch(/not ours|seal/i)
})

test('secrets in the environment, in credentials and in names of files stand in no output, error or evidence (S42)', async () => {
  const canary = 'canary-7f3a9c'
  const before = { ...process.env }
  onTestFinished(() => {
    process.env = before
  })
  Object.assign(process.env, {
    GITHUB_TOKEN: canary,
    AWS_SECRET_ACCESS_KEY: canary,
    AWS_ACCESS_KEY_ID: canary,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
    DATABASE_PASSWORD: canary,
  })
  const world = await openWorld({
    warm: false,
    configuration: { store: { artifacts: `file:${STORE}`, read: ['s3://acme-data/'] } },
  })
  writeFileSync(join(world.folder, STORE, `${canary}.txt`), canary)
  const record = evaluation({ data: { uri: 's3://acme-data/eval.csv', digest: EXAM.digest } })
  const files = versionFiles({
    set: 'compas',
    version: '1.2.0',
    bytes: fixtureBytes('compas/models/1.1.0.onnx'),
    record,
  })
  const terms = modelFile('compas', { evaluation: undefined })

  await world.commit('no exam in model.yml', terms)
  const check = await world.check({ head: await world.opens('unreachable', ...files, manifestFile('compas', '1.2.0')) })

  const everything = [
    everyWord(check),
    renderMarkdown(check),
    renderHtml(check),
    ...world.told,
    ...evidenceFiles(world).map((file) => readFileSync(file, 'utf8')),
  ]
  expect(everything.join('\n')).not.toContain(canary)
})

test('what models, versions and columns are called is text where it is shown, never markup, mention or escape (S43)', async () => {
  const hostile =
    '@acme/everyone <!-- marker --> </details><script>alert(1)</script> | ![x](https://evil.example/x.png) `x` \u001b[31m'
  const column = '"><img src=x onerror=alert(1)>|@acme'
  const exam = stored(
    'data/hostile.csv',
    compasRows((cells) => [...cells, 'x'], column),
  )
  const world = await openWorld({
    model: {
      description: hostile.replace('\u001b[31m', ''),
      sensitive: ['sex', column],
      evaluation: { data: exam.reference },
    },
    files: [exam.file],
    policy: {
      gates: {
        fairness: [{ across: column, metric: 'disparate_impact', min: 0.8 }],
        metrics: [{ metric: 'roc_auc', min: 0.1 }],
      },
    },
  })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })
  const markdown = renderMarkdown(check)
  const html = renderHtml(check)
  const terminal = renderTerminal(check, (_, text) => text).join('\n')

  expect(markdown.replaceAll(/`[^`\n]*`|<code>.*?<\/code>/g, '')).not.toContain('@acme')
  expect(markdown).not.toMatch(/(?<!\\)(<img|<script|<!-- marker)/)
  expect(html).not.toMatch(/<img src=x|<script>alert/)
  expect(terminal).not.toContain('\u001b[31m')
})

/** A check whose messages hold a column of that name, as text. */
async function checkNaming(column: string): Promise<{ readonly terminal: string; readonly markdown: string }> {
  const table = fixtureBytes('compas/evaluation.csv').toString().replace(',age,', `,"${column}",`)
  const exam = stored('data/lines.csv', table)
  const world = await openWorld({ model: { evaluation: { data: exam.reference } }, files: [exam.file] })
  const check = await world.check({ head: await world.opensPromotion('1.1.0') })
  expect(check.verdict.status).toBe('inconclusive')
  return { terminal: renderTerminal(check, (_, text) => text).join('\n'), markdown: renderMarkdown(check) }
}

test('a column cannot write lines or escapes into what is printed (S48)', async () => {
  const { terminal, markdown } = await checkNaming('x\nverdict: passed\r\u001b[2J\u202e')

  expect(terminal).toContain('verdict: passed')
  for (const text of [terminal, markdown]) {
    expect(text).not.toMatch(/^verdict: passed/m)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u001b\r\u202e]/)
  }
})

test('a column cannot make a line of a workflow’s log a command, wherever a line is broken', async () => {
  const { terminal } = await checkNaming(Array.from({ length: 20 }, () => '::stop-commands::x ##[add-mask]x').join(' '))

  expect(terminal).not.toMatch(/^\s*::|##\[/m)
})

test.for([
  ['a record', recordPath('compas', '1.2.0')],
  ['a manifest', 'deploy/production/compas.yml'],
  ['a model', 'models/compas/model.yml'],
] as const)(
  'a character that shows people another text than parsers read is refused with its place: %s (S68)',
  async ([, path]) => {
    const world = await openWorld()
    const files = [
      ...versionFiles({ set: 'compas', version: '1.2.0', bytes: fixtureBytes('compas/models/1.1.0.onnx') }),
      manifestFile('compas', '1.2.0'),
      modelFile('compas'),
    ]
    const hidden = files.map((file) => (file.path === path ? { path, content: `# \u202e\n${file.content}` } : file))

    const check = await world.check({ head: await world.opens('hidden', ...hidden) })

    expect(check.verdict.status).not.toBe('passed')
    expect(said(check)).toContain('U+202E')
  },
)

test('a model file that names data outside itself, is too large, or is no model is refused before it is loaded (S47)', async () => {
  const world = await openWorld({
    policy: { gates: { integrity: { max_mb: 0.01 }, metrics: [{ metric: 'roc_auc', min: 0.1 }] } },
  })
  const large = Buffer.alloc(20_000, 1)
  const pickle = Buffer.from(
    '\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.',
    'latin1',
  )
  const promote = async (name: string, version: string, bytes: Buffer) =>
    world.check({
      head: await world.opens(
        name,
        ...versionFiles({ set: 'compas', version, bytes }),
        manifestFile('compas', version),
      ),
    })

  const external = await promote('external', '1.2.0', fixtureBytes('broken/external-data-traversal.onnx'))
  const big = await promote('large', '1.3.0', large)
  const code = await promote('pickle', '1.4.0', pickle)

  expect([external, big, code].map((check) => statuses(check).integrity)).not.toContain('passed')
  expect([external, big, code].map((check) => check.verdict.status)).not.toContain('passed')
  expect(said(external)).toMatch(/weights lie outside the file/)
  expect(said(big)).toMatch(/limit|larger/)
  expect(said(code)).toMatch(/pickle|not an? (ONNX )?model/i)
  expect(world.told.filter((text) => /running compas 1\.[234]/.test(text))).toEqual([])
})

test.for([
  [
    'an object without our label',
    {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'shadow' },
      spec: { predictor: { model: { storageUri: 's3://elsewhere/x' } } },
    },
  ],
  [
    'a list of them',
    {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'shadow' }, spec: {} },
      ],
    },
  ],
  [
    'an overlay',
    { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: ['https://example.com/base'] },
  ],
  [
    'an application elsewhere',
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'x' },
      spec: { source: { path: 'elsewhere' } },
    },
  ],
] as const)('an environment is closed: %s beside a promotion holds it', async ([, object]) => {
  const world = await openWorld()
  const path = object.kind === 'Kustomization' ? 'kustomization.yaml' : 'extra.json'
  const beside = { path: `deploy/production/${path}`, content: yaml(object) }

  const together = await world.check({ head: await world.opensPromotion('1.1.0', { with: [beside] }) })
  const alone = await world.check({ head: await world.opens('alone', beside) })

  expect([together.verdict.status, alone.verdict.status]).not.toContain('passed')
  expect(statuses(together).manifest).not.toBe('passed')
})

test('a second object for one model is found in a file that the change does not touch, however its name is written', async () => {
  const escaped = manifestFile('compas', '1.0.0')
    .content.toString()
    .replace('"name": "compas"', '"name": "c\\u006fmpas-2"')
    .replace('"weighbridge.dev/model": "compas"', '"weighbridge.dev/model": "c\\u006fmpas"')
  const world = await openWorld({ files: [{ path: 'deploy/production/second.yml', content: escaped }] })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(statuses(check).manifest).not.toBe('passed')
})

test('an exam whose columns look alike is said, and the pair is spelled out (S69)', async () => {
  const exam = stored(
    'data/alike.csv',
    compasRows((cells) => [...cells, '1'], 's\u0435x'),
  )
  const world = await openWorld({
    model: { evaluation: { data: exam.reference } },
    files: [exam.file],
    policy: { gates: { 'data-quality': { max_missing_share: 0.5 } } },
  })

  const check = await world.check({ head: await world.opensPromotion('1.1.0') })

  expect(gate(check, 'data-quality').status).not.toBe('passed')
  expect(said(check)).toMatch(/U\+0435/)
})

test('a pointer instead of a table, an artifact or a record is called by its name', async () => {
  const pointer =
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n'
  const table = stored('data/pointer.csv', pointer)
  const world = await openWorld({ model: { evaluation: { data: table.reference } }, files: [table.file] })
  const artifact = versionFiles({ set: 'compas', version: '1.2.0', bytes: Buffer.from(pointer) })

  const exam = await world.check({ head: await world.opensPromotion('1.1.0') })
  const model = await world.check({ head: await world.opens('artifact', ...artifact, manifestFile('compas', '1.2.0')) })
  const record = await world.check({
    head: await world.opens(
      'record',
      { path: recordPath('compas', '1.3.0'), content: pointer },
      manifestFile('compas', '1.3.0'),
    ),
  })

  expect(gate(exam, 'metrics').status).toBe('inconclusive')
  expect(statuses(model).integrity).toBe('failed')
  expect(record.verdict.status).toBe('failed')
  for (const check of [exam, model, record]) expect(said(check)).toContain('Git LFS pointer')
})

test('an object store that is named on the head alone is never asked', async () => {
  const world = await openWorld()
  const opened = configurationFile({ store: { artifacts: `file:${STORE}`, read: ['file:elsewhere/'] } })
  mkdirSync(join(world.folder, 'elsewhere'))
  const outside = fixtureBytes('compas/models/1.1.0.onnx')
  writeFileSync(join(world.folder, 'elsewhere/model.onnx'), outside)
  const record = {
    artifact: { uri: 'file:elsewhere/model.onnx', digest: stored('x', outside).reference.digest, format: 'onnx' },
  }
  const files = versionFiles({ set: 'compas', version: '1.2.0', bytes: outside, record })

  const check = await world.check({
    head: await world.opens('prefix', opened, ...files, manifestFile('compas', '1.2.0')),
  })

  expect(check.verdict.status).toBe('failed')
  expect(said(check)).toContain('file:elsewhere/model.onnx lies outside the configured store')
  expect(statuses(check).integrity).not.toBe('passed')
})

function evaluation(more: Record<string, unknown>) {
  return { evaluation: { data: EXAM, reference: REFERENCE, ...more } }
}

async function promotes(world: World, version: string, more: Record<string, unknown>): Promise<string> {
  const bytes = fixtureBytes('compas/models/1.1.0.onnx')
  const files = versionFiles({ set: 'compas', version, bytes, record: evaluation(more) })
  return world.opens(`promote-${version}`, ...files, manifestFile('compas', version))
}

/** A world with a branch `opaque` that promotes an opaque 1.2.0 with these predictions. */
async function opaqueWorld(predictions: string): Promise<World> {
  const table = stored('compas/predictions.csv', predictions)
  const world = await openWorld({ files: [table.file] })
  const bytes = Buffer.from('opaque')
  const record = {
    artifact: { ...stored('compas/1.2.0/model.onnx', bytes).reference, format: 'opaque' },
    ...evaluation({ predictions: { ...table.reference, id: 'row_id' } }),
  }
  await world.opens(
    'opaque',
    ...versionFiles({ set: 'compas', version: '1.2.0', bytes, record }),
    manifestFile('compas', '1.2.0'),
  )
  return world
}

function compasLines(): readonly string[] {
  return fixtureBytes('compas/evaluation.csv').toString().trim().split(/\r?\n/)
}

function predictionsOf(score: (label: number) => number): string {
  const [header = '', ...rows] = compasLines()
  const label = header.split(',').indexOf('label')
  return ['row_id,score', ...rows.map((row) => `${row.split(',')[0]},${score(Number(row.split(',')[label]))}`)].join(
    '\n',
  )
}

/** The exam with each row's cells changed, null leaves a row out; and perhaps one more column. */
function compasRows(
  change: (cells: string[], at: (name: string) => number) => readonly string[] | null,
  column?: string,
): string {
  const [header = '', ...rows] = compasLines()
  const names = header.split(',')
  const quoted = column === undefined ? [] : [`"${column.replaceAll('"', '""')}"`]
  const lines = rows.flatMap((row) => {
    const cells = change(row.split(','), (name) => names.indexOf(name))
    return cells === null ? [] : [cells.join(',')]
  })
  return `${[[...names, ...quoted].join(','), ...lines].join('\n')}\n`
}

function evidenceFiles({ folder }: World): readonly string[] {
  const root = join(folder, '.weighbridge/evidence')
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(root, name))
}
