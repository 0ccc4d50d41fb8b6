import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMMANDS } from '../../../src/cli/commands.ts'
import { parseCommand } from '../../../src/cli/parse.ts'
import type { Terminal } from '../../../src/cli/terminal.ts'
import { pageMarkdown } from '../../../src/report/page/page-markdown.ts'
import { emptyFolder } from '../../cli/terminal-user.ts'
import { fixture } from '../../support/fixtures.ts'
import { htmlMistakes, shownText } from '../../support/strict-html.ts'
import { expectGolden } from '../golden.ts'

const A = ['--label', 'label', '--score', 'score']
const old = fixture('compas/predictions/1.0.0.parquet')
const now = fixture('compas/predictions/1.1.0.parquet')
const exam = fixture('compas/evaluation.csv')
const train = fixture('compas/train.csv')
const adult = fixture('adult/evaluation.parquet')
const onnx = fixture('adult/models/1.0.0.onnx')

/** Each page of src/report/measured by a command that tells it. */
const GALLERY: Readonly<Record<string, readonly string[]>> = {
  'metrics-page': ['metrics', '--data', now, ...A],
  'comparison-page': ['compare-predictions', '--a', old, '--b', now, '--id', 'row_id', ...A],
  'fairness-page': ['fairness', '--data', now, ...A, '--across', 'sex', '--across', 'sex,race'],
  'drift-page': ['drift', '--reference', train, '--current', exam],
  'quality-page': [
    'quality',
    '--data',
    exam,
    '--reference',
    train,
    '--id',
    'row_id',
    '--label',
    'label',
    '--time',
    'ts',
  ],
  'profile-page': ['profile', '--data', exam, '--out', 'profile.json'],
  'explain-page': [
    'explain',
    '--model',
    onnx,
    '--data',
    adult,
    '--label',
    'label',
    '--repeats',
    '2',
    '--sample',
    '300',
  ],
  'bench-page': ['bench', '--model', onnx, '--data', adult, '--calls', '60', '--batches', '1,16', '--threads', '1'],
}
/** Told by commands that need a registry; their own tests read them. */
const ELSEWHERE = ['plan-page', 'version-comparison-page', 'evaluation-page']
const GOLDEN = ['quality-page', 'comparison-page']

/** What a command of ours prints and writes, in this process. */
async function told([name = '', ...args]: readonly string[]): Promise<{
  readonly text: string
  readonly html: string
  readonly markdown: string
}> {
  const folder = emptyFolder()
  const lines: string[] = []
  let markdown = ''
  const terminal: Terminal = {
    line: (text = '') => void lines.push(text),
    document: () => undefined,
    page: (page) => {
      markdown = pageMarkdown(page, 1_000_000)
    },
    complain: (text) => void lines.push(text),
    progress: () => undefined,
    style: (_, text) => text,
    columns: 100,
  }
  const spec = COMMANDS.find((one) => one.name === name)
  if (spec === undefined) throw new Error(`there is no command ${name}`)
  const { run } = await spec.load()
  const code = await run(parseCommand(spec, [...args, '--html', 'page.html'], folder, terminal))
  expect(code).toBe(0)
  return { text: lines.join('\n'), html: readFileSync(join(folder, 'page.html'), 'utf8'), markdown }
}

test('every page that a command can tell hangs in the gallery', () => {
  const pages = readdirSync(new URL('../../../src/report/measured/', import.meta.url))
    .filter((name) => name.endsWith('-page.ts'))
    .map((name) => name.replace('.ts', ''))

  expect(pages.filter((name) => GALLERY[name] === undefined && !ELSEWHERE.includes(name))).toEqual([])
})

test.each(Object.keys(GALLERY))(
  '%s, told of real tables: sound HTML under 2 MB, lines that fit, and no number that does not exist',
  { timeout: 120_000 },
  async (name) => {
    const { text, html, markdown } = await told(GALLERY[name] ?? [])

    expect(htmlMistakes(html)).toEqual([])
    expect(Buffer.byteLength(html)).toBeLessThan(2_000_000)
    expect(html).toMatch(/<h1>.+<\/h1>/)
    expect(markdown).toMatch(/^## .+\n\n/)
    expect(`${text}\n${shownText(html)}\n${markdown}`).not.toMatch(/\b(NaN|undefined|null|Infinity)\b|\[object/)
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
    expect(text.split('\n').length).toBeGreaterThan(10)
    if (GOLDEN.includes(name))
      expectGolden(
        `measured-${name}.txt`,
        `${text.replace(/weighbridge \d+\.\d+\.\d+\S*( x64| arm64)?/g, 'weighbridge')}\n`,
      )
  },
)
