import { expect, test } from 'vitest'
import { differenceOf, examplesOf, scopeOf } from './architecture/docstring-examples.ts'
import { importedFile, roomOf, type SourceFile, sourceFiles } from './architecture/source-tree.ts'

/**
 * Rooms, and what each may import: another room, or `types` of it, of which nothing is left when the program runs.
 * Change it here first. A room may always import itself.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  statistics: [],
  expression: [],
  profiles: ['statistics'],
  registry: ['statistics', 'expression'],
  serving: ['registry'],
  rollout: ['statistics', 'registry'],
  ledger: ['registry'],
  gates: ['statistics', 'expression', 'registry', 'serving', 'ledger'],
  ports: ['registry types', 'ledger types', 'profiles types', 'training types'],
  measuring: ['statistics', 'profiles', 'registry', 'gates', 'ports types'],
  policy: ['gates', 'registry'],
  report: [
    'policy',
    'gates',
    'registry',
    'statistics',
    'profiles types',
    'measuring types',
    'ledger',
    'commands types',
    'training types',
  ],
  checks: ['report', 'policy', 'gates', 'registry', 'ports types'],
  merging: ['policy types', 'gates types', 'registry', 'ledger', 'ports types'],
  operator: ['registry'],
  training: ['statistics', 'registry', 'ledger', 'ports types'],
  commands: ['registry', 'training'],
  adapters: [
    'ports',
    'profiles',
    'statistics',
    'registry',
    'ledger',
    'operator',
    'expression',
    'policy',
    'gates types',
  ],
  jobs: [
    'commands',
    'training',
    'adapters',
    'ports',
    'checks',
    'merging',
    'ledger',
    'operator',
    'report',
    'policy',
    'measuring',
    'profiles',
    'gates',
    'serving',
    'registry',
    'expression',
    'statistics',
  ],
  intake: ['ports', 'registry', 'commands', 'training'],
  app: [
    'intake',
    'commands',
    'training',
    'jobs',
    'adapters',
    'ports',
    'operator',
    'checks',
    'report',
    'ledger',
    'registry',
  ],
  world: ['adapters', 'ports', 'registry'],
  demo: ['training types', 'app', 'world', 'checks', 'report', 'adapters', 'ledger', 'registry', 'gates types'],
  action: ['cli', 'jobs', 'checks', 'adapters', 'ports', 'report', 'training', 'gates', 'registry', 'measuring types'],
  cli: [
    'commands',
    'training',
    'demo',
    'world',
    'app',
    'operator',
    'ledger',
    'jobs',
    'adapters',
    'ports',
    'report',
    'measuring types',
    'profiles types',
    'gates',
    'registry',
  ],
  docs: [
    'action',
    'commands',
    'training',
    'adapters',
    'cli',
    'app',
    'intake',
    'demo',
    'jobs',
    'report',
    'gates',
    'policy',
    'registry',
    'statistics',
  ],
}

const PURE = [
  'statistics',
  'expression',
  'profiles',
  'registry',
  'serving',
  'rollout',
  'ledger',
  'gates',
  'measuring',
  'policy',
  'report',
  'checks',
  'merging',
  'operator',
  'commands',
  'training',
]
const PURE_PACKAGES = ['zod', 'js-yaml', 'simple-statistics', 'node:crypto', 'markdown-it']

const files = sourceFiles()
const byPath = new Map(files.map((file) => [file.path, file]))
const pure = files.filter((file) => PURE.includes(file.room))

test('every file of src stands in a room of the table', () => {
  const strangers = files.filter((file) => ROOMS[file.room] === undefined).map((file) => file.path)

  expect(strangers).toEqual([])
  expect(files.length).toBeGreaterThan(250)
})

test('arrows point down: a room imports only what the table allows', () => {
  const wrong = files.flatMap((file) =>
    file.imports.flatMap((one) => {
      const target = importedFile(file, one)
      const room = target === null ? file.room : roomOf(target)
      const allowed = ROOMS[file.room] ?? []
      const fine = room === file.room || allowed.includes(room) || (one.onlyTypes && allowed.includes(`${room} types`))
      return fine ? [] : [`${file.path} imports ${one.onlyTypes ? 'types of ' : ''}${one.from}`]
    }),
  )

  expect(wrong).toEqual([])
})

test('no file imports itself by way of others', () => {
  expect(cyclesOf(files)).toEqual([])
})

test('the pure floor imports no package but zod, js-yaml, simple-statistics and digests', () => {
  const wrong = pure.flatMap((file) =>
    file.imports
      .filter((one) => importedFile(file, one) === null && !PURE_PACKAGES.includes(one.from))
      .map((one) => `${file.path} imports ${one.from}`),
  )

  expect(wrong).toEqual([])
})

test('the pure floor knows no clock, no chance, no process and no network', () => {
  const wrong = pure.flatMap((file) => file.nodes.filter(isImpure).map((node) => `${file.path}: ${textOf(file, node)}`))

  expect(wrong).toEqual([])
})

test('a number never depends on the language of the machine', () => {
  const wrong = pure.flatMap((file) =>
    [...file.text.matchAll(/\.toLocale\w+\(\)|localeCompare/g)].map((hit) => `${file.path}: ${hit[0]}`),
  )

  expect(wrong).toEqual([])
})

test('no type is any, nothing is exported by default, and nothing is written that Node cannot strip', () => {
  const forbidden = [
    'TSAnyKeyword',
    'ExportDefaultDeclaration',
    'TSEnumDeclaration',
    'TSParameterProperty',
    'TSModuleDeclaration',
  ]
  const wrong = files.flatMap((file) =>
    file.nodes.filter((node) => forbidden.includes(node.type)).map((node) => `${file.path}: ${node.type}`),
  )

  expect(wrong).toEqual([])
})

test('nobody writes what is left to do, where it was written, or calls a file after nothing', () => {
  const words = /\b(TODO|FIXME|XXX|HACK)\b|not (yet )?implemented|\/work\/|\/tmp\/|\/root\//
  const names = /(^|[-/])(utils?|helpers?|manager|service|misc|common|data)\.ts$/
  const wrong = files.flatMap((file) => [
    ...(words.test(file.text) ? [`${file.path}: ${words.exec(file.text)?.[0]}`] : []),
    ...(names.test(file.path) || !/^[a-z0-9./-]+$/.test(file.path) ? [file.path] : []),
  ])

  expect(wrong).toEqual([])
})

test('files are small: under 300 lines all, under 150 most', () => {
  const large = files.filter((file) => file.lines >= 300).map((file) => `${file.path}: ${file.lines}`)
  const small = files.filter((file) => file.lines < 150).length / files.length
  console.info(`${files.length} files, ${(100 * small).toFixed(1)} % of them under 150 lines`)

  expect(large).toEqual([])
  expect(small).toBeGreaterThan(0.85)
})

test('every exported function of the pure floor says what it is for', () => {
  const silent = pure.flatMap((file) =>
    file.exports.filter((one) => one.isFunction && one.docstring === null).map((one) => `${file.path} ${one.name}`),
  )

  expect(silent).toEqual([])
})

test('every example of a docstring is true', async () => {
  const examples = files.flatMap((file) => examplesOf(file))
  const everything = Object.assign({}, ...(await Promise.all(pure.map((file) => scopeOf(file.path, {})))))
  const wrong: string[] = []
  for (const example of examples) {
    const scope = await scopeOf(example.path, everything)
    const difference = tried(() => differenceOf(example, scope))
    if (difference !== null) wrong.push(`${example.path}: ${example.expression}: ${difference}`)
  }

  expect(wrong).toEqual([])
  expect(examples.length).toBeGreaterThan(50)
})

/** `new Date()`, `Date.now`, `Math.random`, `performance`, `process`, `fetch`, `setTimeout` and their kin. */
function isImpure(node: SourceFile['nodes'][number]): boolean {
  const called = (of: unknown) => (of as { name?: string } | null)?.name
  if (node.type === 'MemberExpression') {
    const property = called(node.property)
    if (called(node.object) === 'Date') return property === 'now'
    if (called(node.object) === 'Math') return property === 'random'
    return ['process', 'performance', 'globalThis', 'crypto'].includes(called(node.object) ?? '')
  }
  if (node.type === 'NewExpression') return called(node.callee) === 'Date' && (node.arguments as unknown[]).length === 0
  if (node.type === 'CallExpression')
    return ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'Date', 'require'].includes(called(node.callee) ?? '')
  return node.type === 'ImportExpression'
}

function tried(compare: () => string | null): string | null {
  try {
    return compare()
  } catch (error) {
    return String(error)
  }
}

function textOf(file: SourceFile, node: SourceFile['nodes'][number]): string {
  return file.text.slice(node.start, Math.min(node.end, node.start + 60))
}

/** Each cycle once, as the way round it: `a.ts > b.ts > a.ts`. Types count too. */
function cyclesOf(all: readonly SourceFile[]): readonly string[] {
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: SourceFile, way: readonly string[]): void => {
    if (state.get(file.path) === 'done') return
    if (state.get(file.path) === 'open') {
      cycles.push([...way.slice(way.indexOf(file.path)), file.path].join(' > '))
      return
    }
    state.set(file.path, 'open')
    for (const one of file.imports) {
      const target = importedFile(file, one)
      const next = target === null ? undefined : byPath.get(target)
      if (next !== undefined) visit(next, [...way, file.path])
    }
    state.set(file.path, 'done')
  }
  for (const file of all) visit(file, [])
  return cycles
}
