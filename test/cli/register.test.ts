import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { proposalSchema } from '../../src/training/proposal.ts'
import { fixtureBytes, openWorld, type World, type WorldOptions } from '../support/registry-world.ts'
import { shell, typesHere } from './terminal-user.ts'

const before = { ...process.env }
afterEach(() => {
  process.env = { ...before }
})

const REPORT = {
  parameters: { learning_rate: 0.02, epochs: 30 },
  seed: 7,
  validation: { rows: 3, metrics: { roc_auc: 0.7, log_loss: null } },
  compute: { gpu: 'NVIDIA H200', gpu_seconds: 12.5 },
}
const MADE = ['--artifact', 'out/model.onnx', '--reference', 'out/train.csv', '--metrics', 'out/metrics.json']

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** A registry in whose checkout a training has just ended. */
async function trainedWorld(options: WorldOptions = {}) {
  const world = await openWorld(options)
  const leaves = (name: string, content: string | Uint8Array) => writeFileSync(join(world.folder, 'out', name), content)
  mkdirSync(join(world.folder, 'out'))
  leaves('model.onnx', fixtureBytes('compas/models/1.1.0.onnx'))
  leaves('train.csv', 'row_id,y\n1,0\n2,1\n')
  leaves('held-out.csv', 'row_id,y\n3,0\n4,1\n5,1\n')
  leaves('metrics.json', JSON.stringify(REPORT))
  const registers = (...more: readonly string[]) =>
    typesHere(['register', '--model', 'compas', ...MADE, ...more], world.folder)
  return { ...world, leaves, registers, path: (name: string) => join(world.folder, name) }
}

const proposalIn = (world: World) =>
  proposalSchema.parse(JSON.parse(readFileSync(join(world.folder, 'proposal.json'), 'utf8')))
const storedIn = (world: World) =>
  readdirSync(join(world.folder, '.weighbridge/store/compas'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /candidates|\/data\//.test(entry.parentPath))
    .map((entry) => entry.name)
    .sort()

test('what a training made is stored under its digest and proposed with all that is known of it', async () => {
  const world = await trainedWorld()
  Object.assign(process.env, {
    GITHUB_WORKFLOW_REF: 'acme/models/.github/workflows/train.yml@refs/heads/main',
    GITHUB_RUN_ID: '9876543210',
    GITHUB_RUN_ATTEMPT: '2',
    WEIGHBRIDGE_IMAGE: `ghcr.io/acme/train@sha256:${'a'.repeat(64)}`,
  })
  writeFileSync(world.path('uv.lock'), 'locked\n')

  const { code, out, err } = await world.registers('--validation', 'out/held-out.csv')

  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('Proposed in proposal.json.')
  const { record, ...proposal } = proposalIn(world)
  const artifact = sha256(fixtureBytes('compas/models/1.1.0.onnx'))
  expect(record.artifact).toMatchObject({
    uri: `file:.weighbridge/store/compas/candidates/${artifact.slice(7, 23)}/model.onnx`,
    digest: artifact,
    format: 'onnx',
  })
  expect(record.signature?.inputs.length).toBeGreaterThan(0)
  expect(record.evaluation.reference.rows).toBe(2)
  expect(record.evaluation.claims).toEqual({ roc_auc: 0.7 })
  expect(record.training).toMatchObject({
    commit: (await world.git('rev-parse', 'HEAD')).trim(),
    run: { workflow: 'train.yml', id: 9876543210, attempt: 2 },
    parameters: REPORT.parameters,
    seed: 7,
    environment: { lockfile: 'uv.lock', digest: sha256(Buffer.from('locked\n')) },
    compute: REPORT.compute,
  })
  expect(proposal.validation).toEqual({
    data: {
      uri: expect.stringMatching(/^file:.*\/held-out\.csv$/),
      digest: sha256(readFileSync(world.path('out/held-out.csv'))),
      rows: 3,
    },
    metrics: REPORT.validation.metrics,
  })
  expect(storedIn(world)).toEqual(['held-out.csv', 'model.onnx', 'train.csv'])
})

test('with a version the record is written, validates, and registering again changes nothing but says so', async () => {
  const world = await trainedWorld()

  const { code, err } = await world.registers('--version', '1.2.0', '--parent', '1.1.0')

  expect({ code, err }).toEqual({ code: 0, err: '' })
  const text = readFileSync(world.path('models/compas/versions/1.2.0.yml'), 'utf8')
  expect(text).toMatch(/^# yaml-language-server: \$schema=/)
  expect(text).toContain('.weighbridge/store/compas/1.2.0/')
  expect((await typesHere(['validate'], world.folder)).code).toBe(0)
  const again = await world.registers('--version', '1.2.0')
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('1.2.0.yml is there already') })
  expect(readFileSync(world.path('models/compas/versions/1.2.0.yml'), 'utf8')).toBe(text)
})

test('a dry run checks everything, and stores and writes nothing', async () => {
  const world = await trainedWorld()

  const { code, out } = await world.registers('--version', '1.2.0', '--dry-run')

  expect(code).toBe(0)
  expect(out).toContain('Nothing was uploaded or written.')
  expect(existsSync(world.path('proposal.json'))).toBe(false)
  expect(existsSync(world.path('models/compas/versions/1.2.0.yml'))).toBe(false)
  expect(storedIn(world)).toEqual([])
})

test('everything that is wrong is said at once, each with its way out, and nothing is stored', async () => {
  const world = await trainedWorld()
  world.leaves('metrics.json', '{"validation": {"metrics": {"roc_auc": NaN}}}')
  world.leaves('model.onnx', '<html>login</html>')

  const { code, err } = await world.registers(
    ...['--seed', '1.5', '--threshold', 'half', '--environment', 'image=train:latest', '--evaluation', 'gone.csv'],
    ...['--data', 'customers', '--version', '1.2', '--trial', '2'],
  )

  expect(code).toBe(2)
  for (const said of [
    /model\.onnx: it is an HTML page.*not an ONNX model/,
    /metrics\.json: is not JSON: NaN and Infinity are no numbers there\. Write null/,
    /--seed 1\.5: is no whole number/,
    /--threshold half: is no number/,
    /image=train:latest: is not named by its digest/,
    /gone\.csv: there is no such file/,
    /--data customers: is not NAME=PATH/,
    /--version 1\.2: is no version/,
    /--request: --trial says which trial of a request\. Give --request, too/,
  ])
    expect(err).toMatch(said)
  expect(err).toMatch(/\d+ problems, and nothing was registered/)
  expect(storedIn(world)).toEqual([])
})

test('what was trained from changed files is refused, and with --allow-dirty the labels say so', async () => {
  const world = await trainedWorld({ files: [{ path: 'train.py', content: 'a\n' }] })
  writeFileSync(world.path('train.py'), 'b\n')

  expect(await world.registers()).toMatchObject({
    code: 2,
    err: expect.stringContaining('the working tree: differs from the commit: train.py'),
  })
  expect((await world.registers('--allow-dirty')).code).toBe(0)

  expect(proposalIn(world).record.labels).toEqual({ 'not-committed': 'train.py' })
})

test('the exam is no validation set and no training data', async () => {
  const world = await trainedWorld()
  const exam = world.path('exam.csv')
  writeFileSync(exam, fixtureBytes('compas/evaluation.csv'))

  const { code, err } = await world.registers('--validation', 'exam.csv')
  const trained = await typesHere(
    ['register', '--model', 'compas', '--artifact', 'out/model.onnx', '--reference', 'exam.csv'],
    world.folder,
  )

  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('is the exam that the model is judged on') })
  expect(trained).toMatchObject({ code: 2, err: expect.stringContaining('Train on other rows') })
})

test('a training that used other values than it was asked to is not what was asked for', async () => {
  const world = await trainedWorld()
  const request = {
    format: 1,
    command: 'train',
    correlation: 'wb-0123456789abcdef0123',
    attempt: 1,
    model: 'compas',
    sha: 'b'.repeat(40),
    runner: 'gpu',
    limit_minutes: 60,
    checkpoints: 'file:.weighbridge/store/compas/checkpoints/wb-0123456789abcdef0123/',
    parameters: { learning_rate: 0.5 },
    seed: 8,
    resume_from: null,
  }
  writeFileSync(world.path('request.json'), JSON.stringify(request))

  const { code, err } = await world.registers('--request', 'request.json')

  expect(code).toBe(2)
  expect(err).toContain('parameters.learning_rate: was 0.02 in the training; asked for was 0.5')
  expect(err).toContain('seed: was 7 in the training; asked for was 8')
  expect(err).toContain(`and ${'b'.repeat(40)} was asked for`)
})

test('data that DVC tracks are recorded with their pointer, and bytes that are not those it tracks are refused', async () => {
  const world = await trainedWorld()
  const customers = 'id\n1\n'
  const md5 = createHash('md5').update(customers).digest('hex')
  mkdirSync(world.path('data'))
  writeFileSync(world.path('data/customers.csv'), customers)
  writeFileSync(
    world.path('data/customers.csv.dvc'),
    `outs:\n- md5: ${md5}\n  size: 5\n  hash: md5\n  path: customers.csv\n`,
  )

  expect((await world.registers('--data', 'customers=data/customers.csv.dvc')).code).toBe(0)
  const entry = proposalIn(world).record.training?.data?.at(-1)
  expect(entry).toMatchObject({
    name: 'customers',
    digest: sha256(Buffer.from(customers)),
    dvc: 'data/customers.csv.dvc',
  })

  writeFileSync(world.path('data/customers.csv'), 'id\n2\n')
  expect(await world.registers('--data', 'customers=data/customers.csv')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/its MD5 is .*customers\.csv\.dvc says/),
  })
})

test('an MLflow run gives its parameters, its last metrics and its id', async () => {
  const world = await trainedWorld()
  const run = world.path('mlruns/0/abc')
  for (const kind of ['params', 'metrics/val', 'tags']) mkdirSync(join(run, kind), { recursive: true })
  writeFileSync(join(run, 'meta.yaml'), 'run_id: abc\nstatus: 3\n')
  writeFileSync(join(run, 'params/depth'), '6')
  writeFileSync(join(run, 'params/shuffle'), 'True')
  writeFileSync(join(run, 'metrics/val/auc'), '1690000000 0.5 0\n1690000001 0.75 1\n')
  const given = ['register', '--model', 'compas', '--artifact', 'out/model.onnx', '--reference', 'out/train.csv']

  const { code, err } = await typesHere([...given, '--mlflow', 'mlruns/0/abc', '--seed', '3'], world.folder)

  expect({ code, err }).toEqual({ code: 0, err: '' })
  const { parameters, seed, record } = proposalIn(world)
  expect({ parameters, seed }).toEqual({ parameters: { depth: 6, shuffle: true }, seed: 3 })
  expect(record.evaluation.claims).toEqual({ 'val/auc': 0.75 })
  expect(record.labels).toEqual({ 'mlflow-run': 'abc' })
  writeFileSync(join(run, 'meta.yaml'), 'run_id: abc\nstatus: 4\n')
  expect((await typesHere([...given, '--mlflow', 'mlruns/0/abc'], world.folder)).err).toContain('has not finished')
})

test('a folder is stored file by file, with the digest of its sorted list', async () => {
  const world = await trainedWorld()
  mkdirSync(world.path('out/whole/tokenizer'), { recursive: true })
  writeFileSync(world.path('out/whole/weights.bin'), 'w')
  writeFileSync(world.path('out/whole/tokenizer/vocab.txt'), 'v')
  writeFileSync(world.path('out/whole/__init__.py'), '')
  const given = ['--artifact', 'out/whole', '--reference', 'out/train.csv', '--version', '2.0.0']

  const { code, err } = await typesHere(['register', '--model', 'compas', ...given], world.folder)

  expect({ code, err }).toEqual({ code: 0, err: '' })
  const { record } = proposalIn(world)
  expect(record.artifact).toMatchObject({ format: 'opaque', size_bytes: 2 })
  expect(record.files?.map(({ path }) => path)).toEqual(['__init__.py', 'tokenizer/vocab.txt', 'weights.bin'])
  const folder = world.path(record.artifact.uri.slice('file:'.length))
  expect(readFileSync(join(folder, 'tokenizer/vocab.txt'), 'utf8')).toBe('v')
  expect((await typesHere(['validate'], world.folder)).code).toBe(0)
})

test('a folder of more files than a process may hold open is registered like any other', async () => {
  const world = await trainedWorld()
  mkdirSync(world.path('out/many'))
  for (let part = 0; part < 400; part++) world.leaves(`many/part-${part}.bin`, `${part}`)
  const asked = 'register --model compas --artifact out/many --reference out/train.csv --dry-run --json'

  const { code, out } = await shell(`ulimit -n 160; weighbridge ${asked}`, world.folder)

  expect(code).toBe(0)
  expect(JSON.parse(out).proposal.record.files).toHaveLength(400)
})

test('a table that lies in the store is read where it is and not stored again', async () => {
  const world = await trainedWorld()
  const uri = 'file:.weighbridge/store/data/compas/evaluation.csv'
  const given = ['--artifact', 'out/model.onnx', '--reference', 'out/train.csv', '--evaluation', uri]

  expect((await typesHere(['register', '--model', 'compas', ...given], world.folder)).err).toBe('')

  expect(proposalIn(world).record.evaluation.data).toMatchObject({ uri, rows: expect.any(Number) })
  expect(storedIn(world)).toEqual(['model.onnx', 'train.csv'])
  const elsewhere = ['--artifact', 'out/model.onnx', '--reference', 'file:out/train.csv']
  expect((await typesHere(['register', '--model', 'compas', ...elsewhere], world.folder)).err).toContain(
    'lies outside the prefixes',
  )
})

test('a program reads one document, also of what is wrong', async () => {
  const world = await trainedWorld()

  const good = JSON.parse((await world.registers('--json')).out)
  const bad = JSON.parse((await world.registers('--seed', 'x', '--json')).out)

  expect(good).toMatchObject({
    schema: 'weighbridge.registration/v1',
    dry_run: false,
    proposal_file: 'proposal.json',
    objects: [{ field: 'artifact', stored: { is: 'written' } }, { field: 'evaluation.reference' }],
  })
  expect(bad).toMatchObject({ schema: 'weighbridge.error/v1', error: { problems: [{ where: '--seed x' }], exit: 2 } })
})

test('a checkpoint is kept with its digest, never written over, and only whole and unchanged ones are loaded', async () => {
  const world = await trainedWorld()
  const at = 'file:.weighbridge/store/compas/checkpoints/wb-1/epoch-00005.pt'
  const object = world.path(at.slice(5))
  writeFileSync(world.path('last.pt'), 'weights')
  const saves = () => typesHere(['checkpoint', 'save', 'last.pt', '--to', at], world.folder)
  const loads = () => typesHere(['checkpoint', 'load', '--from', at, '--to', 'back.pt'], world.folder)

  expect([(await saves()).code, (await saves()).code, (await loads()).code]).toEqual([0, 0, 0])
  expect(readFileSync(world.path('back.pt'), 'utf8')).toBe('weights')
  expect(
    execFileSync('sha256sum', ['--check', `${object.split('/').at(-1)}.sha256`], {
      cwd: join(object, '..'),
    }).toString(),
  ).toContain('OK')

  writeFileSync(world.path('last.pt'), 'others!')
  expect(await saves()).toMatchObject({ code: 2, err: expect.stringContaining('holds other bytes') })
  writeFileSync(object, 'WEIGHTS')
  expect((await loads()).err).toContain('was saved')
  expect(readFileSync(world.path('back.pt'), 'utf8')).toBe('weights')
  const outside = await typesHere(['checkpoint', 'save', 'last.pt', '--to', 'file:models/x.pt'], world.folder)
  expect(outside).toMatchObject({ code: 2, err: expect.stringContaining('outside the prefixes') })
})
