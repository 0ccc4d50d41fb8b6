import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const DEEP = process.env.WEIGHBRIDGE_DEEP !== undefined

/** Tests that assert how long something takes by the clock: nothing else may run beside them. */
const TIMED = [
  'test/adapters/{github/transport,inbox/inbox,store/store}.test.ts',
  'test/adapters/{onnx/{model-runner,model-session,onnx-graph},tables/{reader-process,read-tables}}.test.ts',
  'test/app/executor/logger.test.ts',
  'test/intake/{flood,load}.test.ts',
  'test/statistics/metric-calibration.test.ts',
  'test/registry/{paths-and-prefixes,read-file,whole-registry,yaml-document}.test.ts',
  'test/serving/hostile-manifests.test.ts',
  'test/stories/{size,github/speed}.test.ts',
  'test/world/{github/storage,store/doors,sim/world}.test.ts',
]

/** Tests of pure rooms: nothing of one can be in the way of another, so their modules are loaded once a worker. */
const PURE = [
  ...['checks', 'commands', 'expression', 'gates', 'ledger', 'merging', 'operator', 'policy', 'profiles'],
  ...['registry', 'report', 'rollout', 'serving', 'statistics', 'training'],
].map((room) => `test/${room}/**/*.test.ts`)
/** One more than there are cores: a story often waits for Git, for a process or for its clock. */
const BESIDE = Math.max(2, availableParallelism()) + 1

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    globalSetup: ['test/support/system-packages.ts', 'test/support/story-ground.ts'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
    projects: [
      project('pure', { include: PURE, exclude: TIMED, maxWorkers: BESIDE, isolate: false }, 0),
      project('beside one another', { exclude: [...TIMED, ...PURE], maxWorkers: BESIDE }, 0),
      project('alone', { include: TIMED, maxWorkers: 1 }, 1),
    ],
  },
})

interface Which {
  readonly include?: string[]
  readonly exclude?: string[]
  readonly maxWorkers: number
  readonly isolate?: false
}

/** @param groupOrder  projects of a higher order wait for those of a lower one */
function project(name: string, which: Which, groupOrder: number) {
  return {
    test: {
      name,
      root: new URL('..', import.meta.url).pathname,
      include: ['test/**/*.test.ts'],
      setupFiles: ['test/support/repeatable.ts'],
      testTimeout: DEEP ? 3_600_000 : 60_000,
      hookTimeout: 60_000,
      pool: 'forks' as const,
      sequence: { groupOrder },
      ...which,
    },
  }
}
