import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readFile } from '../../src/registry/file-kind.ts'
import { modelKind } from '../../src/registry/file-kinds.ts'
import { retireVersion } from '../../src/registry/retire-version.ts'

const PATH = 'models/churn/model.yml'
const entry = { version: '1.1.0', on: '2026-10-01', reason: 'superseded' }
const START = '# who leaves\nmodel: churn # the model\ntask: other\n'

function retired(text: string, own = entry): string {
  const answer = retireVersion(PATH, text, own)
  if (!answer.ok) throw new Error(answer.mistakes.map(({ what, mend }) => `${what} ${mend}`).join('\n'))
  return answer.text
}

test('the first retirement adds the key at the end of the file', () => {
  expect(retired(START)).toBe(`${START}retired:\n  - {version: 1.1.0, on: 2026-10-01, reason: superseded}\n`)
  expect(retired(START.trimEnd())).toBe(`${START}retired:\n  - {version: 1.1.0, on: 2026-10-01, reason: superseded}\n`)
})

test.each([
  [
    'a list in brackets',
    'retired: [{version: 1.0.0, on: 2026-09-01, reason: old}] # gone\nowner: ml\n',
    'retired: [{version: 1.0.0, on: 2026-09-01, reason: old}, {version: 1.1.0, on: 2026-10-01, reason: superseded}] # gone\nowner: ml\n',
  ],
  [
    'a list in brackets over lines',
    'retired: [\n  {version: 1.0.0, on: 2026-09-01, reason: old},\n  # a note\n  ]\n',
    'retired: [\n  {version: 1.0.0, on: 2026-09-01, reason: old},\n  {version: 1.1.0, on: 2026-10-01, reason: superseded},\n  # a note\n  ]\n',
  ],
  [
    'items in braces',
    'retired:\n- {version: 1.0.0, on: 2026-09-01, reason: old} # gone\n\n# the end\nowner: ml\n',
    'retired:\n- {version: 1.0.0, on: 2026-09-01, reason: old} # gone\n- {version: 1.1.0, on: 2026-10-01, reason: superseded}\n\n# the end\nowner: ml\n',
  ],
  [
    'items in lines',
    'retired:\n    - version: 1.0.0\n      on: 2026-09-01\n      reason: old # gone\nowner: ml\n',
    'retired:\n    - version: 1.0.0\n      on: 2026-09-01\n      reason: old # gone\n    - version: 1.1.0\n      on: 2026-10-01\n      reason: superseded\nowner: ml\n',
  ],
  [
    'a reason that is a block',
    'retired:\n  - version: 1.0.0\n    on: 2026-09-01\n    reason: |\n      old\n      and slow\nowner: ml\n',
    'retired:\n  - version: 1.0.0\n    on: 2026-09-01\n    reason: |\n      old\n      and slow\n  - version: 1.1.0\n    on: 2026-10-01\n    reason: superseded\nowner: ml\n',
  ],
  [
    'an empty list',
    'retired: [ ] # none\n',
    'retired: [{version: 1.1.0, on: 2026-10-01, reason: superseded}] # none\n',
  ],
])('%s gets one entry more, and all else stays', (_, before, after) => {
  expect(retired(START + before)).toBe(START + after)
  const windows = (text: string) => text.replaceAll('\n', '\r\n')
  expect(retired(windows(START + before))).toBe(windows(START + after))
})

test('a model.yml that is JSON stays JSON', () => {
  const model = { model: 'churn', task: 'other' }
  for (const text of [JSON.stringify(model), `${JSON.stringify(model, null, 2)}\n`]) {
    const once = retired(text)
    const twice = retired(once, { ...entry, version: '1.2.0' })

    expect(JSON.parse(twice)).toEqual({ ...model, retired: [entry, { ...entry, version: '1.2.0' }] })
  }
})

test('whatever the reason, it is read again as it was given, or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), fc.nat(2), (reason, layout) => {
      const before = ['', 'retired: []\n', 'retired:\n  - version: 1.0.0\n    on: 2026-09-01\n    reason: old\n'][
        layout
      ]
      const answer = retireVersion(PATH, START + before, { ...entry, reason })
      if (!answer.ok) return
      const read = readFile(modelKind, PATH, answer.text)

      expect(read).toMatchObject({ ok: true, value: { retired: expect.arrayContaining([{ ...entry, reason }]) } })
    }),
    { numRuns: 500, seed: 5 },
  )
})

test('a model.yml with mistakes is refused with all of them', () => {
  const answer = retireVersion(PATH, 'model: churn\ntask: othr\nowner: [x]\n', entry)

  expect(answer).toMatchObject({ ok: false, mistakes: [{ where: 'task' }, { where: 'owner' }] })
})
