import type { CommandSpec } from '../command.ts'
import { MEASURING_OPTIONS } from './options.ts'

export const BENCH_COMMAND: CommandSpec = {
  name: 'bench',
  about: 'Times a model on this machine: latency, rows a second, cold start, memory; beside another, in turns.',
  positionals: [],
  options: {
    model: { type: 'string', value: 'FILE', required: true, about: 'The ONNX model; it runs in a process of its own.' },
    data: { type: 'string', value: 'FILE', required: true, about: 'Rows to call it with.' },
    features: {
      type: 'string',
      value: 'A,B,...',
      about: 'Columns of a single tensor input, in the order of training.',
    },
    record: { type: 'string', value: 'FILE', about: 'The version record, which names the features.' },
    against: { type: 'string', value: 'FILE', about: 'Another model, timed in turns with it: the ratio is told.' },
    'against-record': { type: 'string', value: 'FILE', about: 'Its version record.' },
    batch: { type: 'string', value: 'ROWS', about: 'Rows in one timed call; default 1.' },
    calls: { type: 'string', value: 'N', about: 'Timed calls of each model; default 2000.' },
    batches: { type: 'string', value: 'N,N,...', about: 'Sizes for rows a second; default 1,16,256,4096.' },
    threads: { type: 'string', value: 'N,N,...', about: 'Threads for rows a second; default 1 and all cores.' },
    timeout: { type: 'string', value: 'SECONDS', about: 'Time that a model may take in all; default 600.' },
    ...MEASURING_OPTIONS,
  },
  examples: [
    'weighbridge bench --model new.onnx --against old.onnx --data evaluation.parquet --features age,income',
    'weighbridge bench --model m.onnx --record models/churn/versions/1.4.0.yml --data evaluation.parquet --json',
  ],
  load: () => import('./bench.ts'),
}
