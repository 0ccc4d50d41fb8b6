import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordKind } from '../../src/registry/file-kinds.ts'
import type { VersionRecord } from '../../src/registry/record.ts'
import { stepBetween } from '../../src/registry/semantic-version.ts'
import { coversStep } from '../../src/registry/version-step.ts'
import { readYaml } from '../../src/registry/yaml-document.ts'
import { checkProposal, type ProposalGround } from '../../src/training/check-proposal.ts'
import { nextVersion } from '../../src/training/next-version.ts'
import { recordText } from '../../src/training/record-text.ts'
import { anyText, digest, MODEL, proposal, recordOf, SHA, STORE, wish } from './training-world.ts'

const GROUND: ProposalGround = {
  request: wish(1).request,
  run: { id: 901, workflow: 'train.yml' },
  trial: null,
  model: MODEL,
  store: STORE,
  exam: digest('e'),
  versions: { parent: recordOf('1.3.0'), taken: ['1.2.0', '1.3.0'] },
  recorded: new Map([[digest('8'), '1.3.0']]),
}
const check = (one: unknown, over: Partial<ProposalGround> = {}) => checkProposal(one, { ...GROUND, ...over })
const mistakesOf = (one: unknown, over: Partial<ProposalGround> = {}) => {
  const verdict = check(one, over)
  return verdict.is === 'refused' ? verdict.mistakes.map(({ where, what }) => `${where} ${what}`) : []
}
const recordIn = (verdict: ReturnType<typeof check>) => {
  if (verdict.is === 'refused') throw new Error(JSON.stringify(verdict.mistakes))
  return verdict.record
}

test('a sound proposal becomes a record that names its run, its commit and its parent', () => {
  expect(check(JSON.parse(JSON.stringify(proposal())))).toMatchObject({
    is: 'sound',
    record: {
      model: 'churn',
      version: '1.3.1',
      parent: '1.3.0',
      training: {
        commit: SHA,
        run: { workflow: 'train.yml', id: 901, attempt: 1 },
        parameters: { learning_rate: 0.02, epochs: 1 },
        seed: 7,
        compute: { gpu: 'h200' },
      },
    },
    next: { version: '1.3.1', parent: '1.3.0', needed: { step: 'patch' } },
  })
})

const { record } = proposal()
test.each([
  ['another model', proposal({ model: 'fraud' }), 'model is "fraud"; asked for was "churn"'],
  ['a record of another model', proposal({}, { model: 'fraud' }), 'record.model is "fraud"; asked for was "churn"'],
  ['another correlation', proposal({ correlation: `wb-${'f'.repeat(20)}` }), /^correlation is/],
  ['no correlation', proposal({ correlation: null }), /^correlation is null/],
  ['other parameters', proposal({ parameters: { learning_rate: 0.02, epochs: 2 } }), /^parameters is/],
  ['a parameter more', proposal({ parameters: { learning_rate: 0.02, epochs: 1, data: 'exam' } }), /^parameters is/],
  ['another seed', proposal({ seed: 8 }), 'seed is 8; asked for was 7'],
  ['no seed', proposal({ seed: null }), 'seed is null; asked for was 7'],
  ['another commit', proposal({}, { training: { commit: 'f'.repeat(40) } }), /^record.training.commit is/],
  [
    "a stranger's run",
    proposal({}, { training: { run: { workflow: 'train.yml', id: 1 } } }),
    'record.training.run.id is 1; asked for was 901',
  ],
  ['a trial', proposal({ trial: 3 }), 'trial is 3; asked for was null'],
  [
    'an artifact in the place of another model',
    proposal({}, { artifact: { ...record.artifact, uri: 's3://acme-models/registry/fraud/1.0.0/model.onnx' } }),
    /^record.artifact.uri s3:\/\/acme-models\/registry\/fraud.* does not lie below s3:\/\/acme-models\/registry\/churn\/$/,
  ],
  [
    'an artifact among the data',
    proposal({}, { artifact: { ...record.artifact, uri: 's3://acme-data/m.onnx' } }),
    /^record.artifact.uri/,
  ],
  [
    'an artifact in a bucket that looks alike',
    proposal({}, { artifact: { ...record.artifact, uri: 's3://acme-models-evil/registry/churn/m.onnx' } }),
    /^record.artifact.uri/,
  ],
  [
    'data outside every prefix',
    proposal({}, { evaluation: { reference: { uri: 's3://elsewhere/train.parquet', digest: digest('d') } } }),
    /^record.evaluation.reference.uri s3:\/\/elsewhere/,
  ],
  ['a checkpoint elsewhere', proposal({ checkpoint: 's3://acme-models/registry/fraud/checkpoints/x' }), /^checkpoint/],
  [
    'a feature that nobody declared',
    proposal({}, { features: ['tenure', 'salary'] }),
    'record.features model.yml declares no feature salary',
  ],
  [
    'an input that nobody declared',
    proposal(
      {},
      {
        signature: {
          inputs: ['tenure', 'salary'].map((name) => ({ name, type: 'float32', shape: [null, 1] })),
          outputs: [{ name: 'label', type: 'int64', shape: [null] }],
        },
      },
    ),
    'record.signature.inputs model.yml declares no feature salary',
  ],
  [
    'the exam as validation data',
    proposal({ validation: { data: { digest: digest('e'), rows: 9 }, metrics: {} } }),
    'validation.data is the exam that the model is judged on',
  ],
  [
    'the bytes of a version that is there',
    proposal({}, { artifact: { ...record.artifact, digest: digest('8') } }),
    'record.artifact.digest is that of version 1.3.0',
  ],
  ['a feature twice', proposal({}, { features: ['age', 'age'] }), /^record.features/],
])('a proposal with %s is refused', (_, one, what) => {
  const mistakes = mistakesOf(one)
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toMatch(what)
})

test('all mistakes are told at once', () => {
  expect(mistakesOf(proposal({ seed: 8, model: 'fraud' }, { features: ['salary'] }))).toHaveLength(3)
})

test.each([
  null,
  1,
  'x',
  [],
  {},
  { ...proposal(), extra: 1 },
  { ...proposal(), record: { ...record, version: '9.9.9' } },
  { ...proposal(), record: { ...record, artifact: { ...record.artifact, uri: 's3://acme-models/../x' } } },
])('what is no proposal is refused by its form: %j', (one) => {
  expect(check(one)).toMatchObject({ is: 'refused' })
})

test('a proposal that names a parent or a version of its own gets ours', () => {
  expect(recordIn(check(proposal({}, { parent: '0.1.0' }))).parent).toBe('1.3.0')
})

test('the first version is 1.0.0, and has no parent', () => {
  const first = recordIn(
    check(proposal({}, { parent: '0.1.0' }), { versions: { parent: null, taken: [] }, recorded: new Map() }),
  )
  expect(first.version).toBe('1.0.0')
  expect(first.parent).toBeUndefined()
})

test('the winner of a search is held to its own trial', () => {
  const { correlation, attempt, model, sha, runner, limit_minutes, checkpoints } = GROUND.request
  const shared = { format: 1 as const, correlation, attempt, model, sha, runner, limit_minutes, checkpoints }
  const trials = [0, 1].map((trial) => ({ trial, parameters: { epochs: trial }, seed: 5, resume_from: null }))
  const request = { ...shared, command: 'tune' as const, rung: 0, metric: 'roc_auc', parallel: 2, trials }
  const of = (trial: number, epochs: number) => proposal({ trial, parameters: { epochs }, seed: 5 })

  expect(recordIn(check(of(1, 1), { request, trial: 1 })).training?.parameters).toEqual({ epochs: 1 })
  expect(mistakesOf(of(1, 0), { request, trial: 1 })).toHaveLength(1)
  expect(mistakesOf(of(0, 0), { request, trial: 1 })).not.toEqual([])
  expect(mistakesOf(of(7, 7), { request, trial: 7 })).toEqual(['trial trial 7 was not asked for'])
})

const parent = recordOf('1.3.0')
test.each([
  ['retrained with other numbers', {}, '1.3.1'],
  [
    'trained on other data',
    { evaluation: { reference: { uri: 's3://acme-data/n.parquet', digest: digest('f') } } },
    '1.4.0',
  ],
  ['another architecture', { training: { parameters: { optimizer: 'sgd' } } }, '1.4.0'],
  ['another threshold', { threshold: 0.4 }, '1.4.0'],
])('%s: the next version takes the step that DESIGN names', (_, over, version) => {
  expect(nextVersion({ ...parent, ...over }, { parent, taken: ['1.3.0'] }).version).toBe(version)
})

test('a version that breaks callers is a major one', () => {
  const tensor = (name: string) => ({ name, type: 'float32', shape: [null, 2] })
  const with_ = (name: string): VersionRecord => ({
    ...parent,
    signature: { inputs: [tensor(name)], outputs: [tensor('p')] },
  })
  expect(nextVersion(with_('b'), { parent: with_('a'), taken: [] }).version).toBe('2.0.0')
})

test('the number comes after every version that is taken, also by an open candidate, and still covers its step', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.nat(3), fc.nat(5), fc.nat(5)).map((parts) => parts.join('.')),
        { maxLength: 8 },
      ),
      fc.constantFrom<Partial<VersionRecord>>({}, { threshold: 0.4 }, { classes: ['a', 'b'] }),
      (taken, over) => {
        const next = nextVersion({ ...parent, ...over }, { parent, taken })
        expect(taken).not.toContain(next.version)
        expect(coversStep(stepBetween('1.3.0', next.version), next.needed?.step ?? 'patch')).toBe(true)
        for (const one of taken) expect(stepBetween(one, next.version)).not.toBe('backwards')
      },
    ),
  )
})

test('a record is written in the order people read it, and is read back as it was', () => {
  const text = recordText(recordIn(check(proposal())))
  expect(text.split('\n').slice(0, 6)).toEqual([
    '# yaml-language-server: $schema=../../../.github/weighbridge/version.schema.json',
    'model: churn',
    'version: 1.3.1',
    'created: "2026-11-21T12:31:00Z"',
    expect.stringMatching(/^artifact: \{uri: "s3:/),
    'features: [tenure, age]',
  ])
  const reading = readYaml('r.yml', text)
  expect(reading.ok && recordKind.schema.parse(reading.document.value)).toEqual(recordIn(check(proposal())))
})

test('whatever a run says of itself cannot break out of its field', () => {
  const anyWord = fc.oneof(
    anyText,
    fc.constantFrom(
      'no',
      '1e9',
      '- a',
      'a: b',
      '# c',
      '\u2028',
      '\u0085',
      '"',
      "'",
      '&a',
      '*a',
      '!!js',
      '<<',
      '~',
      '0x1f',
      '2026-01-01',
      '1.2.3',
    ),
  )
  fc.assert(
    fc.property(anyWord, anyWord, (a, b) => {
      const one: VersionRecord = {
        ...recordOf('1.0.0'),
        labels: { [a]: b, key: a },
        classes: [a, b],
        training: { parameters: { [b]: a, x: 1e-7 }, environment: { image: a } },
      }
      const reading = readYaml('r.yml', recordText(one))
      const isOdd = /[^\x20-\x7e]/.test(a + b)
      expect(reading.ok || isOdd).toBe(true)
      if (reading.ok) expect(reading.document.value).toEqual(JSON.parse(JSON.stringify(one)))
    }),
    { numRuns: 150 },
  )
})
