import { readAllRecords } from '../adapters/checkout/all-records.ts'
import { numberText } from '../gates/number-text.ts'
import { searchRegistry } from '../jobs/search-registry.ts'
import type { FoundValue, FoundVersion, SearchAnswer } from '../registry/search-versions.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { localEvidence } from './local-evidence.ts'
import { openRegistryAt } from './registry-at.ts'
import { table } from './table.ts'

const LIMIT = 50

/** Versions of all models of which an expression is true. */
export async function run(input: CommandInput): Promise<number> {
  const expression = input.positionals[0] ?? ''
  const limit = limitOf(input)
  const { checkout, snapshot, models } = await openRegistryAt(input)
  input.terminal.progress('reading the registry')
  const answer = await searchRegistry({
    snapshot,
    models: models.snapshot,
    all: () => readAllRecords(models.checkout, models.snapshot.sha, { progress: input.terminal.progress }),
    expression,
    evidence: ({ store }) => localEvidence(checkout, store.evidence),
  })
  if (!answer.ok) throw mistaken(expression, answer.mistake)
  const found = answer.found.slice(0, limit)
  if (input.json) {
    const { searched, unanswered, unknown } = answer
    const total = answer.found.length
    const document = { schema: 'weighbridge.search/v1', expression, ref: snapshot.sha, searched, total, found }
    input.terminal.document({ ...document, unanswered, unknown })
  } else for (const line of linesOf(answer, found)) input.terminal.line(line)
  return EXIT.passed
}

function limitOf(input: CommandInput): number {
  const text = input.text('limit') ?? (input.json ? 'all' : String(LIMIT))
  if (text === 'all') return Number.POSITIVE_INFINITY
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidCommand(`--limit cannot be "${text}"`, 'Write a number such as 50, or all.')
}

/** Shown whatever is asked. */
const OWN_COLUMN = ['name', 'version', 'created', 'serves']

/** The expression again, and a mark under the place. */
function mistaken(expression: string, { column, what, mend }: Extract<SearchAnswer, { ok: false }>['mistake']) {
  const isOneLine = !/[\r\n]/.test(expression)
  const mark = isOneLine ? `\n  ${expression}\n  ${' '.repeat(Math.max(0, column - 1))}^` : ''
  return new InvalidCommand(`column ${column} of the expression: ${what}${mark}`, mend)
}

function linesOf(answer: Extract<SearchAnswer, { ok: true }>, found: readonly FoundVersion[]): readonly string[] {
  const fields = found[0]?.values.map(({ field }) => field).filter((field) => !OWN_COLUMN.includes(field)) ?? []
  const total = answer.found.length
  const head = `${count(total, 'version')} of ${answer.searched}`
  const rows = found.map(({ model, version, created, serves, values }) => [
    model,
    version,
    ...values.filter(({ field }) => !OWN_COLUMN.includes(field)).map(valueText),
    created.slice(0, 10),
    serves.join(', '),
  ])
  return [
    ...(total === 0 ? [] : [...table(['model', 'version', ...fields, 'created', 'serves in'], rows), '']),
    total > found.length ? `${head}, the first ${found.length} shown; --limit all shows the rest.` : `${head}.`,
    ...answer.unanswered
      .slice(0, 5)
      .map(({ because, versions }) => `No answer from ${count(versions, 'version')}: ${because}.`),
    ...answer.unknown.map(({ what, mend }) => `${what}. ${mend}`),
  ]
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

/** A metric always says where it comes from. */
function valueText({ value, source }: FoundValue): string {
  if (value === null) return ''
  const isMeasured = typeof value === 'number' && !Number.isInteger(value)
  const text = isMeasured ? numberText(value) : String(value)
  return source === 'record' ? text : `${text} ${source}`
}
