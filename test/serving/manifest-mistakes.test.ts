import { expect, test } from 'vitest'
import { printMistake } from '../../src/registry/mistake.ts'
import { editedMistakes, manifestMistakes } from '../../src/serving/manifest-mistakes.ts'
import { deployment, inferenceService, read, readOne } from './manifests.ts'

const mistakes = (text: string) => manifestMistakes(readOne({ 'x.yaml': text })).map(printMistake)

test('manifests as people write them have no mistakes', () => {
  expect(mistakes(inferenceService())).toEqual([])
  expect(mistakes(deployment())).toEqual([])
})

test('a typo in a field fails at its line, with the field that was meant', () => {
  expect(mistakes(inferenceService().replace('modelFormat', 'modelformat'))).toEqual([
    'deploy/production/x.yaml:14:7 spec.predictor.model.modelformat: unknown field "modelformat", which the cluster would drop without a word. Did you mean modelFormat?',
    'deploy/production/x.yaml:13:5 spec.predictor.model: has no modelFormat.name, without which KServe finds no runtime. Add modelFormat: {name: onnx}, or the format that it is.',
  ])
})

test('a typo deep in a container fails just so', () => {
  const [first] = mistakes(
    deployment().replace('          image:', '          imagePulPolicy: Always\n          image:'),
  )

  expect(first).toContain('x.yaml:15:11 spec.template.spec.containers[0].imagePulPolicy: unknown field')
  expect(first).toContain('Did you mean imagePullPolicy?')
})

test('a word where a number belongs fails', () => {
  expect(mistakes(deployment().replace('replicas: 2', 'replicas: two'))[0]).toContain(
    'x.yaml:8:3 spec.replicas: expected',
  )
})

test.each([-1, 101])('a traffic share of %d percent fails, which KServe itself would take', (percent) => {
  const found = mistakes(inferenceService({ predictor: `    canaryTrafficPercent: ${percent}\n` }))

  expect(found).toHaveLength(1)
  expect(found[0]).toContain(
    `spec.predictor.canaryTrafficPercent: is ${percent}, and a percentage lies between 0 and 100`,
  )
})

test('only what the change edits is held against it', () => {
  const typo = inferenceService().replace('modelFormat', 'modelformat')
  const [clean, broken] = [read({ 'x.yaml': inferenceService() }), read({ 'x.yaml': typo })]

  expect(editedMistakes(broken, broken)).toEqual([])
  expect(editedMistakes(clean, broken)).toHaveLength(2)
  expect(editedMistakes([], broken)).toHaveLength(2)
})

test('a key named __proto__ is an unknown field like any other', () => {
  expect(mistakes(inferenceService().replace('modelFormat:', '__proto__: {}\n      modelFormat:'))[0]).toContain(
    'unknown field "__proto__"',
  )
})
