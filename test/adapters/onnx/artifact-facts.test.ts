import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { inspectArtifact } from '../../../src/adapters/onnx/artifact-facts.ts'
import { TooLarge, Unavailable } from '../../../src/ports.ts'
import { filesDigest } from '../../../src/registry/files-digest.ts'
import type { VersionRecord } from '../../../src/registry/record.ts'
import { fixture } from '../../support/fixtures.ts'
import { catalogue, fetched, requestFor } from './fixture-models.ts'
import * as tiny from './tiny-model.ts'

const SIGNATURE: VersionRecord['signature'] = {
  inputs: [{ name: 'features', type: 'float32', shape: [null, 7] }],
  outputs: [
    { name: 'label', type: 'int64', shape: [null] },
    { name: 'probabilities', type: 'float32', shape: [null, 2] },
  ],
}

async function problemsOf(path: string, record: Parameters<typeof requestFor>[1] = { signature: SIGNATURE }) {
  const file = fetched(path)
  return (await inspectArtifact(file, requestFor(file, record))).problems
}

const BROKEN: readonly [string, string, string][] = [
  ['wrong-input-name.onnx', 'signature', 'the file has input `X` where the record says input `features`'],
  ['zipmap-output.onnx', 'sequence-output', 'output `probabilities` (sequence(map(int64,float32))) is not a tensor'],
  ['lfs-pointer.onnx', 'lfs-pointer', 'it is a Git LFS pointer, not a model'],
  ['s3-error.onnx', 'not-a-model', 'it is an XML page (as stores answer with errors), not an ONNX model'],
  [
    'future-opset.onnx',
    'opset',
    'the model needs ai.onnx opset 99, and onnxruntime 1.30 supports up to ai.onnx opset 26',
  ],
  ['fixed-batch-1.onnx', '', ''],
  ['nan-outputs.onnx', '', ''],
  ['swapped-classes.onnx', '', ''],
  ['label-disagrees.onnx', '', ''],
  ['string-labels.onnx', 'signature', 'output `label` is string in the file, the record says int64'],
  [
    'external-data-traversal.onnx',
    'external-data',
    'weights lie outside the file, in `../../../../../../../../etc/hostname`, a path that leaves the model folder',
  ],
]

test.each(BROKEN)('%s: %s', async (name, code, what) => {
  const problems = await problemsOf(`broken/${name}`)
  expect(problems.map((problem) => problem.code)).toEqual(code === '' ? [] : [code])
  expect(problems[0]?.what ?? '').toContain(what)
  for (const { mend } of problems) expect(mend).toMatch(/\.$/)
})

test('a truncated model fails by digest, by size and by parse, and is never evaluated', async () => {
  const whole = fetched('elec2/models/1.1.0.onnx')
  const facts = await inspectArtifact(fetched('broken/truncated.onnx'), requestFor(whole, { signature: SIGNATURE }))
  expect(facts.problems.map((problem) => problem.code)).toEqual(['digest', 'size', 'truncated'])
  expect(facts.onnx).toBeNull()
})

test('every broken file of the test data is among these cases', () => {
  const expected = Object.keys(JSON.parse(readFileSync(fixture('broken/expected.json'), 'utf8')))
  expect([...BROKEN.map(([name]) => name), 'truncated.onnx'].sort()).toEqual(expected.sort())
})

test('a wrong digest shows both', async () => {
  const { model, recorded_sha256, actual_sha256 } = JSON.parse(
    readFileSync(fixture('broken/wrong-digest.json'), 'utf8'),
  )
  const file = fetched(model)
  const artifact = { uri: 's3://acme/elec2.onnx', digest: `sha256:${recorded_sha256}` }
  const { problems, digest } = await inspectArtifact(file, requestFor(file, { artifact }))
  expect(digest).toBe(`sha256:${actual_sha256}`)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatchObject({
    code: 'digest',
    what: expect.stringContaining(`sha256:${actual_sha256}, the record says sha256:${recorded_sha256}`),
  })
})

test.each(['adult', 'compas', 'elec2', 'bike'])(
  'every good %s model is read as its catalogue describes it, without a problem',
  async (set) => {
    for (const [version, { file }] of Object.entries(catalogue(set).versions)) {
      if (version === '1.4.0') continue
      const { inputs, outputs } = JSON.parse(readFileSync(fixture(`${set}/models/models.json`), 'utf8')).versions[
        version
      ]
      const free = (tensors: { name: string; type: string; shape: (number | string)[] }[]) =>
        tensors.map((tensor) => ({
          ...tensor,
          shape: tensor.shape.map((size) => (typeof size === 'number' ? size : null)),
        }))
      const model = fetched(`${set}/models/${file}`)
      const facts = await inspectArtifact(
        model,
        requestFor(model, { signature: { inputs: free(inputs), outputs: free(outputs) } }),
      )
      expect(facts.problems).toEqual([])
      expect(facts.onnx!.inputs).toEqual(free(inputs))
      expect(facts.onnx!.outputs).toEqual(free(outputs))
      expect(facts.onnx!.parameters).toBeGreaterThan(10)
    }
  },
)

test('the facts name operators, operator sets and producer', async () => {
  const file = fetched('bike/models/1.2.0.onnx')
  const { onnx } = await inspectArtifact(file, requestFor(file))
  expect(onnx).toMatchObject({
    ir_version: 7,
    opsets: { 'ai.onnx': 13 },
    producer: 'pytorch 1.13.0',
    operators: { Gemm: 3, Relu: 2 },
  })
})

const other: readonly [string, Uint8Array | string][] = [
  ['a gzip archive', gzipSync('model')],
  ['a zip archive', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0])],
  ['a Python pickle', Uint8Array.from([0x80, 4, 0x95, 0, 0])],
  ['an HTML page', '<!DOCTYPE html><html><title>Sign in</title></html>'],
  ['a JSON text', '{"message": "Not found"}'],
  ['an empty file', ''],
  ['a model in the ORT format of onnxruntime', '\x10\x00\x00\x00ORTM....'],
]

test.each(other)('what is no ONNX model is named: %s', async (called, content) => {
  const file = tiny.localFile(Buffer.from(content))
  const { problems } = await inspectArtifact(file, requestFor(file))
  expect(problems).toEqual([
    expect.objectContaining({ code: 'not-a-model', what: expect.stringContaining(`it is ${called}`) }),
  ])
})

test('a DVC pointer is named, in an opaque artifact too', async () => {
  const pointer = tiny.localFile(
    Buffer.from('outs:\n- md5: 0123456789abcdef0123456789abcdef\n  size: 14445097\n  path: model.pkl\n'),
  )
  const artifact = { uri: 's3://acme/m.pkl', digest: pointer.digest, format: 'opaque' as const }
  for (const record of [{}, { artifact }]) {
    const { problems } = await inspectArtifact(pointer, requestFor(pointer, record))
    expect(problems.map((problem) => problem.code)).toEqual(['dvc-pointer'])
  }
})

test('an opaque artifact is hashed and measured, and nothing of it is read', async () => {
  const file = fetched('broken/truncated.onnx')
  const artifact = {
    uri: 's3://acme/m.bin',
    digest: file.digest,
    size_bytes: file.size_bytes,
    format: 'opaque' as const,
  }
  expect(await inspectArtifact(file, requestFor(file, { artifact }))).toEqual({
    digest: file.digest,
    size_bytes: file.size_bytes,
    format: 'opaque',
    onnx: null,
    problems: [],
  })
})

test('a file over the limit is named with the limit, whether it was fetched or not', async () => {
  const file = fetched('elec2/models/1.0.0.onnx')
  const fetchedAnyway = await inspectArtifact(file, requestFor(file, {}, 100))
  const refused = await inspectArtifact(new TooLarge('s3://acme/m.onnx', 100), requestFor(file, {}, 100))
  expect(fetchedAnyway.problems.map((problem) => problem.code)).toEqual(['too-large'])
  expect(refused.problems.map((problem) => problem.code)).toEqual(['too-large'])
  expect(refused.problems[0]!.what).toContain('100 bytes')
})

test('bytes that could not be had are no fact about the artifact', async () => {
  const file = fetched('elec2/models/1.0.0.onnx')
  await expect(inspectArtifact(new Unavailable('missing', 'gone', 'Look.'), requestFor(file))).rejects.toThrow('gone')
})

test('types and ranks are compared, symbolic sizes are free, and other spellings of a type agree', async () => {
  const model = tiny.localFile(
    tiny.model([
      tiny.node('Identity', ['x'], ['y']),
      tiny.input('x', tiny.FLOAT, ['N', 3]),
      tiny.output('y', tiny.FLOAT, ['N', 3]),
    ]),
  )
  const problems = async (type: string, shape: (number | string | null)[]) => {
    const outputs = [{ name: 'y', type: 'tensor(float)', shape: [null, 3] }]
    const signature = { inputs: [{ name: 'x', type, shape }], outputs }
    return (await inspectArtifact(model, requestFor(model, { signature }))).problems.map((problem) => problem.what)
  }
  expect(await problems('float', ['batch', 3])).toEqual([])
  expect(await problems('float32', [null, null])).toEqual([])
  expect(await problems('float64', [null, 3])).toEqual(['input `x` is float32 in the file, the record says float64'])
  expect(await problems('float32', [null, 4])).toEqual([
    'input `x` has shape [?, 3] in the file, the record says [?, 4]',
  ])
  expect(await problems('float32', [null])).toEqual(['input `x` has shape [?, 3] in the file, the record says [?]'])
})

test('a folder must hold exactly the files of its record', async () => {
  const model = fetched('elec2/models/1.0.0.onnx')
  const scaler = tiny.localFile(Buffer.from('mean: 0'), 'scaler.json')
  const there = [
    { path: 'model.onnx', file: model },
    { path: 'config/scaler.json', file: scaler },
  ]
  const files = there.map(({ path, file }) => ({ path, digest: file.digest, size_bytes: file.size_bytes }))
  const artifact = { uri: 's3://acme/m/1.0.0/', digest: filesDigest(files) }
  const record = { artifact, files, signature: SIGNATURE }

  const exact = await inspectArtifact({ files: [...there].reverse() }, requestFor(model, record))
  expect(exact.problems).toEqual([])
  expect(exact.onnx?.opsets['ai.onnx']).toBe(15)

  const planted = await inspectArtifact(
    { files: [...there, { path: '2/model.plan', file: scaler }] },
    requestFor(model, record),
  )
  expect(planted.problems.map((problem) => problem.code)).toEqual(['digest', 'folder'])
  expect(planted.problems[1]!.what).toBe('2/model.plan is not recorded')

  const lost = await inspectArtifact({ files: there.slice(1) }, requestFor(model, record))
  expect(lost.problems.map((problem) => problem.what)).toContain('model.onnx is not there')
  expect((await inspectArtifact(model, requestFor(model, record))).problems.map((problem) => problem.code)).toContain(
    'folder',
  )
})
