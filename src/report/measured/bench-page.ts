import { numberText } from '../../gates/number-text.ts'
import type { BenchDocument, ServingCost } from '../../measuring/bench-document.ts'
import type { TimedValue } from '../../statistics/timed-rounds.ts'
import type { Page, PagePart } from '../page/page.ts'

const NAMES = ['p50', 'p95', 'p99'] as const

/** What serving a model costs, as people read it. */
export function benchPage(document: BenchDocument): Page {
  const models = [document, ...(document.against === null ? [] : [document.against])]
  return {
    title: `What ${document.called} costs to serve`,
    lead: lead(document),
    facts: facts(document),
    parts: [
      latencyTable(models),
      latencyPlot(models),
      ...(document.ratio === null ? [] : [ratioPart(document)]),
      ...throughputParts(document),
      costTable(models),
      operatorTable(models),
    ],
    warnings: document.warnings,
  }
}

function lead({ called, latency_ms, ratio, against, noise }: BenchDocument): string {
  const own = `A call of ${called} takes ${numberText(latency_ms.p50.value)} ms at the median and ${numberText(latency_ms.p99.value)} ms at the 99th percentile.`
  if (ratio === null || against === null) return own
  const { value } = ratio.p50
  const words = !noise.is_quiet
    ? 'The machine was too noisy to compare them'
    : `Its median is ${numberText(value)} of that of ${against.called}, its 99th percentile ${numberText(ratio.p99.value)}`
  return `${own} ${words}.`
}

function facts({ machine, calls, batch, rows, confidence, noise }: BenchDocument): Page['facts'] {
  const { self_ratio } = noise
  return [
    { name: 'machine', value: `${machine.processor}, ${machine.cores} cores, Node ${machine.node}` },
    { name: 'calls', value: `${calls} of ${batch} ${batch === 1 ? 'row' : 'rows'} each, on ${rows} rows, one thread` },
    { name: 'intervals', value: `${numberText(100 * confidence)} %, order statistics; ratios by rounds` },
    {
      name: 'against itself',
      value: `median ${numberText(self_ratio.p50)}, 99th percentile ${numberText(self_ratio.p99)}; 1 is quiet`,
    },
  ]
}

function latencyTable(models: readonly ServingCost[]): PagePart {
  return {
    kind: 'table',
    title: 'Latency, ms',
    columns: [{ name: 'model' }, ...NAMES.map((name) => ({ name, align: 'right' as const }))],
    rows: models.map(({ called, latency_ms }) => [called, ...NAMES.map((name) => timedText(latency_ms[name]))]),
  }
}

function latencyPlot(models: readonly ServingCost[]): PagePart {
  const bars = models.flatMap(({ called, latency_ms }) =>
    NAMES.map((name) => ({ label: `${called} ${name}`, ...latency_ms[name] })),
  )
  return { kind: 'plot', title: 'Latency', plot: { type: 'bars', unit: 'ms', bars } }
}

function ratioPart({ ratio, called, against }: BenchDocument): PagePart {
  const bars = NAMES.map((name) => ({ label: name, ...ratio![name] }))
  return {
    kind: 'plot',
    title: `${called} over ${against?.called}`,
    about: 'Over 1: slower. Both were timed in the same rounds, in turns.',
    plot: { type: 'bars', bars, limit: 1 },
  }
}

function throughputParts({ throughput_per_s }: BenchDocument): readonly PagePart[] {
  if (throughput_per_s.length === 0) return []
  const bars = throughput_per_s.map(({ batch, threads, value }) => ({
    label: `${batch} rows a call, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    value,
  }))
  return [{ kind: 'plot', title: 'Rows a second', plot: { type: 'bars', bars } }]
}

function costTable(models: readonly ServingCost[]): PagePart {
  const columns = ['model', 'cold start, ms', 'peak memory, MB', 'size, bytes'].map((name, index) =>
    index === 0 ? { name } : { name, align: 'right' as const },
  )
  const rows = models.map(({ called, cold_start_ms, peak_mb, size_bytes }) => [
    called,
    numberText(cold_start_ms),
    numberText(peak_mb),
    String(size_bytes),
  ])
  return { kind: 'table', title: 'Start and memory', columns, rows }
}

function operatorTable(models: readonly ServingCost[]): PagePart {
  const names = [...new Set(models.flatMap(({ operators }) => Object.keys(operators)))].sort()
  const count = (model: ServingCost, name: string) => String(model.operators[name] ?? 0)
  return {
    kind: 'table',
    title: 'Operators',
    columns: [{ name: 'operator' }, ...models.map(({ called }) => ({ name: called, align: 'right' as const }))],
    rows: names.map((name) => [name, ...models.map((model) => count(model, name))]),
  }
}

function timedText({ value, interval }: TimedValue): string {
  return interval === null
    ? numberText(value)
    : `${numberText(value)} [${numberText(interval[0])}, ${numberText(interval[1])}]`
}
