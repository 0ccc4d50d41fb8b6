import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unifiedDiff } from '../../src/report/unified-diff.ts'
import { editField } from '../../src/serving/edit-field.ts'
import { readManifests } from '../../src/serving/manifest-reader.ts'
import { deployment, inferenceService } from './manifests.ts'

const path = 'deploy/production/churn.yml'
const files = [
  { text: inferenceService(), field: ['spec', 'predictor', 'model', 'storageUri'] },
  { text: inferenceService(), field: ['spec', 'predictor', 'model', 'modelFormat', 'name'] },
  { text: inferenceService().replaceAll('\n', '\r\n'), field: ['metadata', 'name'] },
  { text: deployment(), field: ['spec', 'template', 'spec', 'containers', 0, 'env', 1, 'value'] },
  { text: deployment(), field: ['spec', 'template', 'spec', 'containers', 0, 'env', 0, 'value'] },
  { text: deployment(), field: ['metadata', 'annotations', 'weighbridge.dev/version'] },
] as const
const awkward = fc.constantFrom(
  '',
  ' ',
  'a: b',
  'a #b',
  '- x',
  '? x',
  "it's",
  '"',
  '{',
  ']',
  'a,b',
  '*a',
  '&a',
  '!t',
  '%x',
)
const typed = fc.constantFrom('true', 'null', '~', '1.10', '010', '1e3', '0x1f', 'yes', '2026-10-01', '---', '...', '=')
const values = fc.oneof(awkward, typed, fc.string({ unit: 'grapheme', maxLength: 20 }), fc.string({ unit: 'binary' }))

test('whatever the value, it is read again as that text and only its line has changed, or nothing is', () => {
  const runs = process.env.WEIGHBRIDGE_DEEP === undefined ? 500 : 20_000
  let edited = 0
  fc.assert(
    fc.property(fc.constantFrom(...files), values, ({ text, field }, value) => {
      const answer = editField({ path, text, object: 0, field, value })
      if (!answer.ok) {
        expect(answer.mend).not.toBe('')
        return
      }
      edited++
      const read = readManifests(path, answer.text)
      expect(read.ok && read.manifests[0]?.field(field)).toMatchObject({ is: 'text', text: value })
      const changed = unifiedDiff(path, text, answer.text).slice(2)
      expect(changed.filter((line) => line.startsWith('-')).length).toBeLessThanOrEqual(1)
      expect(changed.filter((line) => line.startsWith('+')).length).toBeLessThanOrEqual(1)
    }),
    { numRuns: runs, seed: 5 },
  )
  expect(edited).toBeGreaterThan(runs / 2)
})

test.each(['true', '1.10', 'null', '2026-10-01', 'a: b', '# x', '- x'])(
  'the text %s, which YAML would take for something else, is quoted',
  (value) => {
    const field = ['spec', 'predictor', 'model', 'protocolVersion']
    const answer = editField({ path, text: inferenceService(), object: 0, field, value })

    const line = `      protocolVersion: ${JSON.stringify(value)}\n`
    expect(answer).toMatchObject({ ok: true, text: expect.stringContaining(line) })
  },
)

test('a field that is not there, or an object that is not, is refused with the way out', () => {
  const absent = editField({ path, text: inferenceService(), object: 0, field: ['spec', 'x'], value: 'y' })
  const beyond = editField({ path, text: inferenceService(), object: 3, field: ['spec'], value: 'y' })

  expect(absent).toMatchObject({ ok: false, what: 'spec.x is not there', mend: 'Add it by hand once.' })
  expect(beyond).toMatchObject({ ok: false, what: 'holds 1 objects, and number 4 was to be changed' })
})
