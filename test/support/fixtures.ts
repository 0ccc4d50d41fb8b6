import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Path of a file of the test data; what the demo ships is not kept twice. */
export function fixture(path: string): string {
  const shipped = /^adult\/(evaluation\.parquet|train\.parquet|models\/)/.test(path)
  const folder = shipped ? new URL('../../src/demo/', import.meta.url) : new URL('../fixtures/', import.meta.url)
  return fileURLToPath(new URL(path, folder))
}

/** Reference numbers of SciPy, scikit-learn, statsmodels, fairlearn and AIF360; see test/fixtures/README.md. */
// biome-ignore lint/suspicious/noExplicitAny: the reference files have no schema of their own
export function reference(dataset: 'adult' | 'compas' | 'elec2' | 'bike'): any {
  return JSON.parse(readFileSync(fixture(`reference/${dataset}.json`), 'utf8'))
}
