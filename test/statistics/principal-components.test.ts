import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodedColumn } from '../../src/statistics/encoded-columns.ts'
import { jacobiEigen } from '../../src/statistics/jacobi-eigen.ts'
import { principalComponents, reconstructionErrors } from '../../src/statistics/principal-components.ts'
import { multivariateReference } from '../support/multivariate-reference.ts'
import { windows } from './windows.ts'

const { pca } = multivariateReference()

function made(rows: number, start: number): Float64Array[] {
  const at = (of: (t: number) => number) => Float64Array.from({ length: rows }, (_, row) => of(start + row))
  const [a, b, c] = [
    (t: number) => Math.sin(t * 1.7),
    (t: number) => Math.cos(t * 0.9),
    (t: number) => Math.sin(t * t * 0.013),
  ]
  return [
    at(a),
    at((t) => b(t) * 3 + a(t)),
    at((t) => c(t) * 10),
    at((t) => a(t) - b(t)),
    at((t) => c(t) + 0.2 * b(t)),
    at((t) => t % 5),
  ]
}

test('components and reconstruction errors are those of scikit-learn', () => {
  const model = principalComponents(made(300, 0), 0.65)
  expect(model.components).toHaveLength(pca.components)
  for (const [k, share] of model.explained.entries()) expect(share).toBeCloseTo(pca.explained[k]!, 10)
  const [before, now] = [reconstructionErrors(model, made(300, 0)), reconstructionErrors(model, made(80, 500))]
  for (const [row, error] of pca.reference.entries()) expect(before[row]).toBeCloseTo(error, 9)
  for (const [row, error] of pca.current.entries()) expect(now[row]).toBeCloseTo(error, 9)
})

test('Jacobi finds axes that stand square on each other and carry the whole matrix', () => {
  const entries = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(entries, (some) => {
      const matrix = [0, 1, 2, 3].map((i) =>
        Float64Array.from([0, 1, 2, 3], (j) => some[4 * Math.min(i, j) + Math.max(i, j)]!),
      )
      const { values, vectors } = jacobiEigen(matrix)
      for (const [k, axis] of vectors.entries()) {
        expect(values[k]! <= (values[k - 1] ?? Infinity)).toBe(true)
        for (let i = 0; i < 4; i++) {
          const along = matrix[i]!.reduce((sum, entry, j) => sum + entry * axis[j]!, 0)
          expect(along).toBeCloseTo(values[k]! * axis[i]!, 8)
        }
        for (const other of vectors) {
          const product = axis.reduce((sum, entry, i) => sum + entry * other[i]!, 0)
          expect(product).toBeCloseTo(other === axis ? 1 : 0, 9)
        }
      }
    }),
  )
})

test('a typing error of 1,000,000 in the reference does not stretch the scale of a column (C7)', () => {
  const cells = Array.from({ length: 2000 }, (_, row) => (row * 37) % 101)
  const spoiled = cells.map((cell, row) => (row === 5 ? 1e6 : cell))
  const { reference } = encodedColumn(windows('a', 'number', spoiled, cells))
  expect(Math.max(...reference)).toBeLessThanOrEqual(101)
})
