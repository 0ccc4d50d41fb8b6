import { readFileSync } from 'node:fs'
import { fixture } from './fixtures.ts'

interface MultivariateReference {
  readonly isotonic: Readonly<Record<'at' | 'plain' | 'weighted', readonly number[]>>
  readonly pca: {
    readonly components: number
    readonly explained: readonly number[]
    readonly reference: readonly number[]
    readonly current: readonly number[]
  }
  readonly cbpe: Readonly<Record<'w01' | 'w02' | 'w03', Readonly<Record<string, number>>>>
  readonly domain: {
    readonly columns: readonly string[]
    readonly w01: number
    readonly w03: number
    readonly w04: number
  }
}

/** Numbers of scikit-learn's isotonic regression, PCA and boosted trees; the script that made them stands in the file. */
export function multivariateReference(): MultivariateReference {
  return JSON.parse(readFileSync(fixture('reference/multivariate.json'), 'utf8')) as MultivariateReference
}
