import { Unavailable } from '../../ports.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import { DRIFT_TESTS, type DriftTest, isDriftTest } from '../../statistics/drift-column.ts'
import { STATISTICS, type WantedStatistics } from '../../statistics/drift-statistics.ts'

/**
 * `default`, `all`, or names of statistics.
 *
 * @throws {Unavailable} that lists the known ones
 */
export function wantedStatistics(names: readonly string[]): WantedStatistics {
  const [only] = names
  if (names.length === 0 || (names.length === 1 && only === 'default')) return 'default'
  if (names.length === 1 && only === 'all') return 'all'
  const unknown = names.find((name) => !STATISTICS.includes(name))
  if (unknown === undefined) return names
  const known = suggest(unknown, ['default', 'all', ...STATISTICS], 'Statistics')
  throw new Unavailable('missing', `--tests: there is no statistic ${unknown}`, known)
}

/**
 * The test that decides, by name.
 *
 * @throws {Unavailable} that lists the known ones
 */
export function decidingTest(name: string): DriftTest {
  if (isDriftTest(name)) return name
  throw new Unavailable('missing', `--by: there is no test ${name}`, suggest(name, DRIFT_TESTS, 'Tests'))
}
