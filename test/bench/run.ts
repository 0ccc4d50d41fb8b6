import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { openCheckout } from '../../src/adapters/checkout/checkout.ts'
import { workingTree } from '../../src/adapters/checkout/working-tree.ts'
import { endWork, interruptible, openJobFolder } from '../../src/adapters/job-folder.ts'
import { shippedPolicies } from '../../src/adapters/shipped-policies.ts'
import { openTables } from '../../src/adapters/tables/tables.ts'
import { makeRepository, openBranch, STORIES } from '../../src/demo/stories.ts'
import { checkCheckout } from '../../src/jobs/check-checkout.ts'
import { listRegistry } from '../../src/jobs/list-registry.ts'
import { tableOf } from '../../src/jobs/prediction-files.ts'
import { validateRegistry } from '../../src/jobs/validate-registry.ts'
import { aucDifference } from '../../src/statistics/delong.ts'
import { measureDisparityDifference } from '../../src/statistics/disparity-difference.ts'
import { cellsByGroup } from '../../src/statistics/group-tally.ts'
import { measureDifference, measureMetric } from '../../src/statistics/measure.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import type { BinaryRows } from '../../src/statistics/scored-rows.ts'
import { fixture } from '../support/fixtures.ts'
import { evaluationRate } from './evaluation-rate.ts'
import { intake } from './intake.ts'
import { largeRegistry } from './large-registry.ts'
import { largeTables } from './large-tables.ts'
import { ratioLine, type Timing, timed, timingLine } from './stopwatch.ts'

/**
 * `npm run bench`: prints, never asserts. Every figure is the median of its runs, and stands beside a unit that was
 * measured in the same run: sorting a million doubles. Milliseconds belong to a machine, units and ratios travel.
 */
async function bench(): Promise<void> {
  interruptible(() => undefined)
  const folder = openJobFolder().path
  const unit = await timed('unit: sorting 1,000,000 doubles', 9, sortDoubles, fillDoubles)
  const show = (...timings: readonly Timing[]) => {
    for (const timing of timings) console.log(timingLine(timing, unit.medianMs))
  }
  console.log(`Node ${process.version}, ${process.arch}, ${availableParallelism()} cores\n`)
  show(unit)
  for (const part of [commandLine, weighing, registries, tables, statistics, intake, evaluationRate, largeTables]) {
    console.log('')
    await part(folder, show)
  }
  endWork()
}

type Show = (...timings: readonly Timing[]) => void

const doubles = new Float64Array(1_000_000)
const fillDoubles = () => {
  const generator = pcg32(1, 'bench')
  for (let row = 0; row < doubles.length; row++) doubles[row] = generator.next()
}
const sortDoubles = () => doubles.sort()

async function commandLine(folder: string, show: Show): Promise<void> {
  const launch = fileURLToPath(new URL('../../src/launch.js', import.meta.url))
  const run = promisify(execFile)
  const type = (...args: readonly string[]) => run(process.execPath, [...args], { cwd: folder })
  const empty = await timed('node -e 0', 7, () => type('-e', '0'))
  const help = await timed('weighbridge --help', 7, () => type(launch, '--help'))
  show(empty, help)
  console.log(ratioLine('--help to an empty Node', help, empty))
}

async function weighing(folder: string, show: Show): Promise<void> {
  const repository = join(folder, 'adult')
  const story = STORIES[0]!
  await mkdir(repository)
  await makeRepository(repository)
  await openBranch(repository, story)
  const forget = () => rmSync(join(repository, '.weighbridge/evidence'), { recursive: true, force: true })
  const weigh = () =>
    checkCheckout({
      folder: repository,
      base: 'main',
      head: story.branch,
      now: '2026-11-18T10:00:00Z',
      skip: [],
      progress: () => undefined,
    })
  await weigh()
  const cold = await timed('weighing adult 1.0.0 -> 1.1.0, 8,000 rows, nothing known', 5, weigh, forget)
  const cached = await timed('the same again', 9, weigh)
  show(cold, cached)
  console.log(ratioLine('cold to cached', cold, cached))
}

async function registries(folder: string, show: Show): Promise<void> {
  const policies = shippedPolicies()
  const timings: { readonly validate: Timing; readonly list: Timing }[] = []
  for (const versions of [10, 1000, 10_000]) {
    const root = await largeRegistry(folder, versions)
    const checkout = await openCheckout(root)
    const snapshot = await checkout.snapshot(await checkout.resolve('HEAD'))
    const called = versions.toLocaleString('en')
    const runs = versions > 1000 ? 3 : 7
    const validate = await timed(`validate, ${called} versions`, runs, () =>
      validateRegistry(workingTree(root), policies),
    )
    const list = await timed(`list, ${called} versions`, runs, () => listRegistry(snapshot))
    timings.push({ validate, list })
    show(validate, list)
  }
  const [ten, thousand, most] = timings
  if (ten === undefined || thousand === undefined || most === undefined) return
  console.log(ratioLine('validate, 10,000 to 1,000 versions', most.validate, thousand.validate))
  console.log(ratioLine('list, 10,000 to 1,000 versions', most.list, thousand.list))
  console.log(ratioLine('list, 1,000 to 10 versions', thousand.list, ten.list))
}

async function tables(folder: string, show: Show): Promise<void> {
  const parquet = join(folder, 'exam.parquet')
  await copyFile(fixture('adult/evaluation.parquet'), parquet)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`copy (select * from '${parquet}') to '${join(folder, 'exam.csv')}' (header)`)
  await connection.run(`copy (select * from '${parquet}') to '${join(folder, 'exam.jsonl')}' (format json)`)
  connection.closeSync()
  instance.closeSync()
  const timings: Timing[] = []
  for (const kind of ['parquet', 'csv', 'jsonl'])
    timings.push(
      await timed(`a fresh reader reads 8,000 rows of 16 columns of ${kind}`, 7, () => readAll(folder, kind)),
    )
  show(...timings)
  const [fromParquet, fromCsv, fromLines] = timings
  if (fromParquet === undefined || fromCsv === undefined || fromLines === undefined) return
  console.log(ratioLine('CSV to Parquet', fromCsv, fromParquet))
  console.log(ratioLine('JSON Lines to Parquet', fromLines, fromParquet))
}

async function readAll(folder: string, kind: string): Promise<void> {
  const reader = openTables({ folder })
  const source = await tableOf(join(folder, `exam.${kind}`), folder, `exam.${kind}`)
  const { columns } = await reader.describe(source)
  await reader.read(source, { columns: columns.map((column) => column.name) })
  await reader.close()
}

async function statistics(_: string, show: Show): Promise<void> {
  for (const count of [8000, 200_000]) {
    const { candidate, incumbent, groups } = predictions(count)
    const called = `${count.toLocaleString('en')} rows`
    show(
      await timed(`DeLong, difference of two areas, ${called}`, 7, () =>
        aucDifference(candidate.label, candidate.score!, incumbent.score!, 0.9),
      ),
      await timed(`bootstrap of f1 from counts, ${called}`, 5, () =>
        measureMetric(candidate, 'f1', { confidence: 0.9 }),
      ),
      await timed(`bootstrap of a difference of f1 from counts, ${called}`, 5, () =>
        measureDifference({ candidate, incumbent }, 'f1', { confidence: 0.9 }),
      ),
      await timed(`bootstrap of average precision, row by row, ${called}`, 3, () =>
        measureMetric(candidate, 'average_precision', { confidence: 0.9 }),
      ),
      await timed(`bootstrap of equalized odds against the incumbent, ${called}`, 5, () =>
        measureDisparityDifference(groups(), OPTIONS),
      ),
    )
  }
}

const OPTIONS = { metric: 'equalized_odds_difference', confidence: 0.9, min_rows: 30, small_groups: 'report' } as const

/** Two models that agree mostly, on rows of four groups; the same on every run. */
function predictions(count: number) {
  const generator = pcg32(7, 'bench')
  const share = () => generator.next() / 2 ** 32
  const label = Uint8Array.from({ length: count }, () => (share() < 0.24 ? 1 : 0))
  const indexOf = Int32Array.from({ length: count }, () => Math.floor(share() * 4))
  const better = Float64Array.from(label, (one) => (share() + share() + one) / 3)
  const worse = better.map((score) => (4 * score + share()) / 5)
  const rows = (score: Float64Array): BinaryRows => ({
    task: 'binary',
    unit: null,
    weight: null,
    label,
    score,
    prediction: Uint8Array.from(score, (one) => (one > 0.5 ? 1 : 0)),
  })
  const [candidate, incumbent] = [rows(better), rows(worse)]
  const grouping = { groups: ['a', 'b', 'c', 'd'].map((group) => ({ group })), indexOf }
  const groups = () => cellsByGroup(grouping, label, incumbent.prediction, candidate.prediction)
  return { candidate, incumbent, groups }
}

await bench()
