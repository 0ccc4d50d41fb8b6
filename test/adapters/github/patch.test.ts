import { expect, test } from 'vitest'
import { shownLines, versionsIn } from '../../../src/adapters/github/patch.ts'

test('lines of head that a diff shows: context counts, what was only removed does not', () => {
  expect(shownLines('@@ -1,3 +1,4 @@ head\n a\n+b\n@@ -20 +21 @@\n-x\n+y\n@@ -40,2 +40,0 @@\n-gone\n-gone')).toEqual([
    { start: 1, end: 4 },
    { start: 21, end: 21 },
  ])
  expect(shownLines('')).toEqual([])
  expect(shownLines('+@@ -1 +7 @@ a line of the file that only looks like a hunk')).toEqual([])
})

test('versions that a manifest’s diff names are read ahead, a few of them', () => {
  const patch =
    ' weighbridge.dev/model: adult\n-  weighbridge.dev/version: 1.0.0\n+  "weighbridge.dev/version": "1.1.0"'

  expect(versionsIn(patch)).toEqual([
    { model: 'adult', version: '1.0.0' },
    { model: 'adult', version: '1.1.0' },
  ])
  expect(versionsIn(patch.replace('adult', '../../etc'))).toEqual([])
  expect(versionsIn(patch.repeat(100)).length).toBeLessThanOrEqual(16)
})
