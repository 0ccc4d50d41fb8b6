import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { configurationKind, modelKind, recordKind } from '../../src/registry/file-kinds.ts'
import { jsonSchemaOf } from '../../src/registry/json-schema.ts'
import { skeleton, spellOut } from '../../src/registry/look-alike.ts'
import { printMistake } from '../../src/registry/mistake.ts'
import { parsedFile } from '../../src/registry/parsed-file.ts'
import { checkRegistry, type RegistryFiles } from '../../src/registry/whole-registry.ts'
import { CONFIGURATION, digest, MODEL, printed, recordText, sound } from './files.ts'

const POLICIES = ['policies/staging.yml', 'policies/production.yml', 'weighbridge/baseline', 'weighbridge/regulated']

interface Texts {
  readonly configuration?: string
  readonly model?: string
  readonly records?: Readonly<Record<string, string>>
  readonly extra?: Partial<RegistryFiles>
}

const RECORDS = { '1.1.0': recordText('1.1.0', null), '1.3.0': recordText('1.3.0', '1.1.0'), '1.4.0': recordText() }

function checked({
  configuration = CONFIGURATION,
  model = MODEL,
  records = RECORDS,
  extra = {},
}: Texts): readonly string[] {
  const files = Object.entries(records).map(([version, text]) => {
    const path = `models/churn/versions/${version}.yml`
    return parsedFile(path, sound(recordKind, path, text))
  })
  const paths = ['.github/weighbridge.yml', 'models/churn/model.yml', ...files.map(({ path }) => path)]
  return checkRegistry({
    configuration: parsedFile(paths[0]!, sound(configurationKind, paths[0]!, configuration)),
    models: [parsedFile(paths[1]!, sound(modelKind, paths[1]!, model))],
    records: files,
    paths,
    policies: POLICIES,
    ...extra,
  }).map(printMistake)
}

test('a sound registry has nothing to mend', () => {
  expect(checked({})).toEqual([])
})

test('a version without its model, its parent or a sound step is told where it says so', () => {
  expect(checked({ extra: { models: [], paths: [] } })[0]).toBe(
    'models/churn/versions/1.1.0.yml:1:8 model: there is no models/churn/model.yml. Models here: none.',
  )
  expect(checked({ records: { ...RECORDS, '1.4.0': recordText('1.4.0', '1.3.1') } })).toEqual([
    'models/churn/versions/1.4.0.yml:23:9 parent: there is no version 1.3.1 of churn. Did you mean 1.3.0? Versions here: 1.1.0, 1.3.0, 1.4.0.',
  ])
  expect(
    checked({
      records: {
        ...RECORDS,
        '1.4.0': recordText()
          .replace('threshold: 0.5', 'threshold: 0.7')
          .replace('shape: [null, 14]', 'shape: [null, 9]'),
      },
    }),
  ).toEqual([
    'models/churn/versions/1.4.0.yml:2:10 version: is a minor step from 1.3.0; it takes a major one: input features has shape [any, 9], had [any, 14]. Choose a higher version.',
  ])
})

test('two versions of one artifact are told, as a warning', () => {
  const lines = checked({ records: { ...RECORDS, '1.4.0': recordText('1.4.0', '1.3.0', '1.3.0') } })
  expect(lines).toEqual([expect.stringContaining('artifact.digest: is the artifact of churn@1.3.0 too')])
})

test('policies that do not exist are told with what was probably meant', () => {
  expect(checked({ configuration: CONFIGURATION.replace('policies/staging.yml', 'policies/stagin.yml') })).toEqual([
    '.github/weighbridge.yml:10:13 environments[0].policy: there is no policy policies/stagin.yml. Did you mean policies/staging.yml? ' +
      'Policies here: policies/staging.yml, policies/production.yml, weighbridge/baseline, weighbridge/regulated.',
  ])
  expect(
    checked({ configuration: CONFIGURATION.replace('weighbridge/regulated', 'weighbridge/regulation') })[0],
  ).toContain('environments[1].policy[1].use: there is no policy weighbridge/regulation')
})

test('retired versions must exist, and nothing may serve them', () => {
  expect(checked({ model: MODEL.replace('version: 1.1.0', 'version: 1.2.0') })[0]).toContain(
    'retired[0].version: there is no version 1.2.0 of churn',
  )
  const place = { path: 'deploy/production/churn.yml', line: 9, column: 5 }
  const served = [{ model: 'churn', version: '1.1.0', environment: 'production', place }]
  expect(checked({ extra: { served } })).toEqual([
    'deploy/production/churn.yml:9:5 production serves churn@1.1.0, retired on 2026-10-01 (superseded). Promote another version, or take it out of retired.',
  ])
})

test('records and models may point only below the prefixes of the configuration', () => {
  const lines = checked({
    records: {
      ...RECORDS,
      '1.4.0': recordText().replace('s3://acme-data/churn/customers', 's3://acme-data-evil/customers'),
    },
  })
  expect(lines).toEqual([
    expect.stringContaining(
      'training.data[0].uri: s3://acme-data-evil/customers.parquet lies outside store.artifacts and store.read. Files may point below s3://acme-models/registry, s3://acme-data/.',
    ),
  ])
  expect(checked({ model: MODEL.replace('s3://acme-data/churn/labels/', 's3://other/labels/') })[0]).toContain(
    'monitoring.labels: s3://other/labels/ lies outside',
  )
  const vault = `  sensitive: {uri: s3://acme-vault/p.parquet, digest: "${digest('p')}", id: row_id, read: runner}\n`
  expect(checked({ model: MODEL.replace('evaluation:\n', `evaluation:\n${vault}`) })).toEqual([])
})

test('strays below models/ and a configuration under another name are told', () => {
  const paths = [
    '.github/weighbridge.yaml',
    'models/churn/model.yml',
    'models/churn/notes.md',
    ...Object.keys(RECORDS).map((v) => `models/churn/versions/${v}.yml`),
  ]
  expect(checked({ extra: { paths } })).toEqual([
    '.github/weighbridge.yaml:1:1 is not read. Rename it to .github/weighbridge.yml.',
    'models/churn/notes.md:1:1 does not belong to churn: models/<model>/ holds model.yml, policy.yml and versions/<version>.yml, nothing else. Move it out of models/.',
  ])
})

test('mistakes come in the order of paths and lines', () => {
  const lines = checked({
    configuration: CONFIGURATION.replace('policies/staging.yml', 'policies/x.yml'),
    model: MODEL.replace('version: 1.1.0', 'version: 9.9.9'),
    extra: { paths: ['models/zzz'] },
  })
  expect(lines.map((line) => line.split(':')[0])).toEqual([...lines.map((line) => line.split(':')[0])].sort())
  expect(lines.length).toBeGreaterThan(4)
})

const modelled = (from: string, to: string) => printed(modelKind, 'models/churn/model.yml', MODEL.replace(from, to))

test('S69: a column in letters of another alphabet that look Latin is spelled out, and refused beside its twin', () => {
  expect(modelled('[sex, age_group]', '[sеx]')).toEqual([
    'models/churn/model.yml:11:13 sensitive[0]: sеx (U+0435) looks like sex and is another name. If you mean sex, type it anew.',
  ])
  expect(modelled('[sex, age_group]', '[sex, sеx]')[0]).toContain(
    'sensitive[1]: sеx (U+0435) looks like sex and is another name. Write the one you mean',
  )
  expect(modelled('[sex, age_group]', '[ɑge, аge]')[0]).toContain('аge (U+0430) looks like age and is another name')
  expect(modelled('[sex, age_group]', '[ｓｅｘ]')[0]).toContain('(U+FF53 U+FF45 U+FF58) looks like sex')
})

test('S69: a record whose feature only looks like that of its model is refused', () => {
  const lines = checked({
    records: { ...RECORDS, '1.4.0': recordText().replace('[tenure, plan, age]', '[tenure, plan, аge]') },
  })
  expect(lines.join('\n')).toContain('features[2]: аge (U+0430) looks like age and is another name')
})

test('names in other languages that look like nothing Latin are as good as any', () => {
  expect(modelled('[sex, age_group]', '[größe, возраст, 年齢, ηλικία]')).toEqual([])
  expect(modelled('[sex, age_group]', '["gro\u0308ße", größe]')[0]).toContain('looks like')
  expect(skeleton('sеx')).toBe('sex')
  expect(spellOut('größe')).toBe('größe (U+00F6 U+00DF)')
})

test('a file that was read answers where its fields stand', () => {
  const path = 'models/churn/versions/1.4.0.yml'
  const file = parsedFile(path, sound(recordKind, path, recordText()))
  expect(file.place('threshold')).toEqual({ path, line: 9, column: 12 })
  expect(file.place('classes')).toEqual({ path, line: 1, column: 1 })
  expect(file.value.version).toBe('1.4.0')
})

test('editors get a JSON Schema that takes what we take and names unknown keys', () => {
  for (const [kind, text] of [
    [configurationKind, CONFIGURATION],
    [modelKind, MODEL],
    [recordKind, recordText()],
  ] as const) {
    const schema = jsonSchemaOf(kind)
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: `https://weighbridge.dev/schema/${kind.name}.json`,
      title: `Weighbridge ${kind.name}`,
      additionalProperties: false,
    })
    expect(String(schema.description)).toBe(kind.about)
    const back = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
    expect(back.safeParse(load(text)).error?.issues).toBeUndefined()
    expect(back.safeParse({ ...(load(text) as object), unknown: 1 }).success).toBe(false)
  }
})

test('a registry of 200 models with 50 versions each is checked in seconds', () => {
  const texts = Array.from({ length: 10_000 }, (_, index) => {
    const [model, version] = [`m${index % 200}`, `1.${Math.floor(index / 200)}.0`]
    const parent = index < 200 ? null : `1.${Math.floor(index / 200) - 1}.0`
    return [
      `models/${model}/versions/${version}.yml`,
      recordText(version, parent, `${index}`).replace('model: churn', `model: ${model}`),
    ] as const
  })
  const records = texts.map(([path, text]) => parsedFile(path, sound(recordKind, path, text)))
  const models = Array.from({ length: 200 }, (_, index) => {
    const path = `models/m${index}/model.yml`
    return parsedFile(
      path,
      sound(modelKind, path, MODEL.replace('model: churn', `model: m${index}`).replace(/retired: .*\n/, '')),
    )
  })
  const paths = [...models, ...records].map(({ path }) => path)
  const configuration = parsedFile(
    '.github/weighbridge.yml',
    sound(configurationKind, '.github/weighbridge.yml', CONFIGURATION),
  )
  const started = performance.now()
  expect(checkRegistry({ configuration, models, records, paths, policies: POLICIES })).toEqual([])
  const took = performance.now() - started
  console.log(`10,000 records checked against each other in ${Math.round(took)} ms`)
  expect(took).toBeLessThan(5_000)
})
