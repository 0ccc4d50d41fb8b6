import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  evidencePrefix,
  grantCovers,
  grantOf,
  holdsPolicies,
  mayReadModels,
  narrowedStores,
  policyLocation,
} from '../../src/operator/grant.ts'
import { type Operator, operatorKind } from '../../src/operator/operator-file.ts'
import { readFile } from '../../src/registry/file-kind.ts'
import { printMistake } from '../../src/registry/mistake.ts'

const FILE = `
version: 1
repositories:
  - match: acme/risk-*
    stores:
      - prefix: s3://acme-risk/models/
        role_arn: arn:aws:iam::123456789012:role/weighbridge-risk
      - prefix: s3://acme-data/
    evidence: s3://acme-weighbridge/risk/
    registries: [acme/models]
    metrics: {production: prom-eu}
  - match: acme/*
    stores: [{prefix: s3://acme-open/}]
    evidence: s3://acme-weighbridge/open/
metrics:
  prom-eu: {url: https://prometheus.example.org}
alerts:
  - token_sha256: ${'ab'.repeat(32)}
    repositories: [acme/risk-*]
    environments: [production]
`

describe('the policy that the operator lays over a repository', () => {
  const named = (policy: string) => FILE.replace('    registries: [acme/models]\n', `$&    policy: ${policy}\n`)
  const CENTRAL = { repository: 'acme/Policies', path: 'policies/central.yml' }

  test('is that of the first entry that matches; an entry without one lays nothing over', () => {
    const operator = operatorIn(named(JSON.stringify(CENTRAL)))

    expect(policyLocation(operator, 'Acme/Risk-Churn')).toEqual(CENTRAL)
    expect(policyLocation(operator, 'acme/web')).toBeNull()
    expect(policyLocation(operator, 'evil/risk-churn')).toBeNull()
    expect(['acme/policies', 'acme/risk-churn'].map((name) => holdsPolicies(operator, name))).toEqual([true, false])
  })

  test.each([
    ['{repository: acme/*, path: policies/central.yml}', 'must be owner/name'],
    ['{repository: acme/policies, path: central.yml}', 'must be a file in policies/'],
    ['{repository: acme/policies, path: policies/../central.yml}', 'must be a file in policies/'],
    ['{repository: acme/policies, path: weighbridge/baseline}', 'must be a file in policies/'],
    ['{repository: acme/policies}', 'path'],
    ['{repository: acme/policies, path: policies/central.yml, ref: mine}', 'unknown key'],
  ])('is a file in policies/ of one repository, at its default branch: not %s', (policy, said) => {
    const reading = readFile(operatorKind, 'operator.yml', named(policy))

    expect(reading.ok ? [] : reading.mistakes.map(printMistake)).toEqual([expect.stringContaining(said)])
  })
})

describe('what the operator grants', () => {
  test('the first entry that matches a repository counts alone, whatever the case of its name', () => {
    const operator = operatorIn(FILE)

    expect(grantOf(operator, 'Acme/Risk-Churn')?.stores.map(({ prefix }) => prefix)).toEqual([
      's3://acme-risk/models/',
      's3://acme-data/',
    ])
    expect(grantOf(operator, 'acme/web')?.stores.map(({ prefix }) => prefix)).toEqual(['s3://acme-open/'])
    expect(grantOf(operator, 'evil/risk-churn')).toBeNull()
  })

  test('a star of the owner never reaches into the name', () => {
    const operator = operatorIn(FILE.replace('acme/risk-*', 'a*/risk'))

    expect(grantOf(operator, 'a/x/risk')).toBeNull()
    expect(grantOf(operator, 'abc/risk')).not.toBeNull()
  })

  test('a repository narrows its grant and never widens it (S46, S66)', () => {
    const grant = grantOf(operatorIn(FILE), 'acme/risk-churn')
    if (grant === null) throw new Error('granted')

    const narrowed = narrowedStores(grant, {
      artifacts: 's3://acme-risk/models/churn',
      read: ['s3://acme-data', 's3://acme-data-evil/', 's3://acme-risk/', 's3://other-team/', 'file:data'],
    })

    expect(narrowed).toEqual({
      prefixes: [
        { prefix: 's3://acme-risk/models/churn/', roleArn: 'arn:aws:iam::123456789012:role/weighbridge-risk' },
        { prefix: 's3://acme-data/', roleArn: null },
        { prefix: 's3://acme-risk/models/', roleArn: 'arn:aws:iam::123456789012:role/weighbridge-risk' },
      ],
      refused: ['s3://acme-data-evil/', 's3://other-team/', 'file:data'],
    })
  })

  test('without a file only a repository’s own folder is granted', () => {
    const grant = grantOf(null, 'acme/risk-churn')
    if (grant === null) throw new Error('granted')

    expect(narrowedStores(grant, { artifacts: 's3://acme-risk', read: ['file:data'] })).toEqual({
      prefixes: [{ prefix: 'file:data/', roleArn: null }],
      refused: ['s3://acme-risk'],
    })
    expect(mayReadModels(grant, 'acme/models')).toBe(false)
  })

  test('two repositories under one grant never read each other’s evidence (S66)', () => {
    const grant = grantOf(operatorIn(FILE), 'acme/risk-churn')
    if (grant === null) throw new Error('granted')

    expect(evidencePrefix(grant, 1)).toBe('s3://acme-weighbridge/risk/1/')
    expect(evidencePrefix(grant, 11)).toBe('s3://acme-weighbridge/risk/11/')
  })

  test('no spelling of a URI leaves a granted prefix (S46)', () => {
    const outside = [
      's3://bucket/p/../q',
      's3://bucket/p//q',
      's3://bucket/p/%2e%2e/q',
      's3://bucket/p\\q',
      's3://bucket/px',
      's3://bucket/p/',
      's3://bucket/p/a\u0000',
    ]
    expect(outside.filter((uri) => grantCovers('s3://bucket/p/', uri))).toEqual([])
    expect(
      ['file:/etc/passwd', 'file:../x', 'file:a/../../x', 'file:', 's3://bucket/x'].filter((uri) =>
        grantCovers('file:', uri),
      ),
    ).toEqual([])
    expect(grantCovers('file:', 'file:a.onnx')).toBe(true)

    expect(grantCovers('s3://bucket/p/', 's3://bucket/p/a')).toBe(true)
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '.', '/', '%', '\\', 'p', '\n', '?') }), (tail) => {
        const uri = `s3://bucket/p/${tail}`
        if (!grantCovers('s3://bucket/p/', uri)) return
        expect(new URL(uri).pathname).toBe(`/p/${tail}`)
      }),
    )
  })
})

describe('the operator’s file', () => {
  test.each([
    [
      'a prefix without its slash',
      's3://acme-data/}',
      's3://acme-data}',
      'repositories[0].stores[1].prefix: must end in "/"',
    ],
    ['a way out of a bucket', 's3://acme-data/\n', 's3://acme-data/../x/\n', 'must not hold ".."'],
    [
      'an unknown key',
      'evidence: s3://acme-weighbridge/open/',
      'evidense: s3://acme-weighbridge/open/',
      'Did you mean evidence?',
    ],
    [
      'a metrics source that is not there',
      'prom-eu}',
      'prom-us}',
      'there is no metrics source prom-us. Did you mean prom-eu?',
    ],
    ['a URL that carries a password', 'https://prom', 'https://u:p@prom', 'without user, password'],
    [
      'evidence where others write',
      's3://acme-weighbridge/open/',
      's3://acme-open/evidence/',
      'overlaps s3://acme-open/',
    ],
    ['a token in plain text', 'ab'.repeat(32), 'hunter2', 'must be the SHA-256 of the token'],
  ])('%s is refused, with its place', (_, sound, broken, said) => {
    const text = FILE.replace('- prefix: s3://acme-data/\n', '- {prefix: s3://acme-data/}\n')
    const reading = readFile(operatorKind, 'operator.yml', (text.includes(sound) ? text : FILE).replace(sound, broken))

    const mistakes = reading.ok ? [] : reading.mistakes.map(printMistake)
    expect(mistakes.join('\n')).toContain(said)
    expect(mistakes.every((mistake) => /^operator\.yml:\d+:\d+ /.test(mistake))).toBe(true)
  })
})

function operatorIn(text: string): Operator {
  const reading = readFile(operatorKind, 'operator.yml', text)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return reading.value
}
