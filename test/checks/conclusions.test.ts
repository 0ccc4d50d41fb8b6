import { expect, test } from 'vitest'
import { sourceFiles } from '../architecture/source-tree.ts'

test('the two words that GitHub lets through are written nowhere (S29)', () => {
  const readsRuns = 'src/adapters/github/workflow-schema.ts'
  const rooms = sourceFiles().filter(
    ({ path }) => /(^|\/)src\/(checks|adapters\/github)\//.test(path) && !path.endsWith(readsRuns),
  )
  const words = rooms.flatMap((file) =>
    file.nodes
      .filter((node) => node.type === 'Literal' && ['neutral', 'skipped'].includes(String(node.value)))
      .map((node) => `${file.path}: ${String(node.value)}`),
  )

  expect(rooms.length).toBeGreaterThan(8)
  expect(words).toEqual([])
})
