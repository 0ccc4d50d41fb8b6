import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Tests that assert how long something takes, or how much memory: nothing else may run beside them. */
const TIMED = [
  'test/adapters/{github/transport,inbox/inbox,onnx/*,store/store,tables/*}.test.ts',
  'test/app/executor/logger.test.ts',
  'test/intake/*.test.ts',
  'test/statistics/metric-calibration.test.ts',
  'test/registry/{paths-and-prefixes,read-file,whole-registry,yaml-document}.test.ts',
  'test/serving/hostile-manifests.test.ts',
  'test/stories/{size,github/speed}.test.ts',
  'test/world/{github/storage,store/doors,sim/world}.test.ts',
]

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    globalSetup: ['test/support/system-packages.ts', 'test/support/story-ground.ts'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'json-summary'] },
    projects: [
      project('beside one another', { exclude: TIMED, maxWorkers: Math.max(2, availableParallelism()) }, 0),
      project('alone', { include: TIMED, maxWorkers: 1 }, 1),
    ],
  },
})

interface Which {
  readonly include?: string[]
  readonly exclude?: string[]
  readonly maxWorkers: number
}

/** @param groupOrder  projects of a higher order wait for those of a lower one */
function project(name: string, which: Which, groupOrder: number) {
  return {
    test: {
      name,
      root: new URL('..', import.meta.url).pathname,
      include: ['test/**/*.test.ts'],
      setupFiles: ['test/support/repeatable.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      pool: 'forks' as const,
      sequence: { groupOrder },
      ...which,
    },
  }
}
