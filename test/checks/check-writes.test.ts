import { expect, test } from 'vitest'
import { checkWrites } from '../../src/checks/check-writes.ts'
import { type DesiredCheck, evidenceKeyIn } from '../../src/checks/desired-check.ts'
import { desiredChecks } from '../../src/checks/desired-checks.ts'
import { couldNotFinish, inProgress, nothingOfOurs, notOnboarded } from '../../src/checks/state-checks.ts'
import type { CheckWrite, FoundCheck } from '../../src/ports/check-run.ts'
import { checksOf, document, failing, metrics, question, registry, sound, weighing } from './weighings.ts'

const SHA = 'b'.repeat(40)
const ORIGIN = { engine: 'weighbridge 0.1.0', baseRef: 'main', pulls: [7] }

/** GitHub as far as check runs go: what was written stands, annotations append, a new run of a name is the newest. */
function commit() {
  const runs: (FoundCheck & { annotations: number })[] = []
  const latest = () => [...new Map(runs.map((run) => [run.name, run])).values()]
  const write = ({ id, name, status, conclusion, externalId, annotations }: CheckWrite) => {
    const index = runs.findIndex((run) => run.id === id)
    const known = runs[index]
    const run = {
      name,
      status,
      conclusion,
      externalId,
      completedAt: status === 'completed' ? '2026-11-18T11:00:00Z' : null,
    }
    if (known === undefined) runs.push({ ...run, id: runs.length + 1, annotations: annotations.length })
    else runs[index] = { ...run, id: known.id, annotations: known.annotations + annotations.length }
  }
  const publish = (desired: readonly DesiredCheck[], force = false) => {
    const writes = checkWrites(desired, latest(), { force, headSha: SHA })
    writes.forEach(write)
    return writes.map(({ id, name, annotations }) => [name, id === null ? 'new' : 'changed', annotations.length])
  }
  return { publish, latest, runs }
}

test('what stands already is not written again, an hour later neither', () => {
  const { publish } = commit()
  expect(publish(checksOf(failing))).toEqual([
    ['weighbridge', 'new', 1],
    ['weighbridge / metrics', 'new', 0],
  ])
  expect(publish(checksOf(failing))).toEqual([])
  const later = JSON.parse(JSON.stringify(failing).replaceAll(failing.now, '2026-11-18T11:00:00.000Z'))
  expect(publish(checksOf(later))).toEqual([])
})

test('changed text changes the run and appends no annotation; a changed conclusion makes a new run', () => {
  const { publish, latest } = commit()
  publish(checksOf(failing))
  const reworded = { ...failing, warnings: [{ code: 'x', message: 'a table was slow' }] }
  expect(publish(checksOf(reworded))).toEqual([
    ['weighbridge', 'changed', 0],
    ['weighbridge / metrics', 'changed', 0],
  ])
  expect(latest()[0]?.annotations).toBe(1)
  expect(publish(checksOf(sound)).map(([name, way]) => [name, way])).toEqual([
    ['weighbridge', 'new'],
    ['weighbridge / metrics', 'new'],
  ])
})

test('another evidence key makes a new run, so that GitHub keeps which key stood when', () => {
  const { publish, runs } = commit()
  publish(checksOf(sound))
  const other = desiredChecks(question([weighing(sound, { evidenceKey: 'd'.repeat(64) })]))
  expect(publish(other).every(([, way]) => way === 'new')).toBe(true)
  expect(runs).toHaveLength(4)
  expect(evidenceKeyIn(other[0]?.text ?? null)).toBe('d'.repeat(64))
})

test('changed annotations make a new run', () => {
  const { publish, latest } = commit()
  publish(checksOf(failing))
  const elsewhere = { headPaths: new Map() }
  expect(publish(checksOf(failing, elsewhere))).toContainEqual(['weighbridge', 'new', 0])
  expect(latest()[0]?.annotations).toBe(0)
})

test('a weighing that takes long: in progress is a new run, and it is that run which is completed, annotations once', () => {
  const { publish, latest } = commit()
  publish(checksOf(sound))
  expect(publish([inProgress(ORIGIN, 'main has moved')])).toEqual([['weighbridge', 'new', 0]])
  expect(latest().map(({ name, status }) => [name, status])).toEqual([
    ['weighbridge', 'in_progress'],
    ['weighbridge / metrics', 'completed'],
  ])
  expect(publish([inProgress(ORIGIN, 'main has moved')])).toEqual([])
  expect(publish(checksOf(failing))).toContainEqual(['weighbridge', 'changed', 1])
  expect(latest()[0]).toMatchObject({ status: 'completed', conclusion: 'failure', annotations: 1 })
})

test('an asked-for weighing is always written, also if nothing changed, and without annotations again', () => {
  const { publish, latest } = commit()
  publish(checksOf(failing))
  expect(publish(checksOf(failing), true)).toEqual([
    ['weighbridge', 'changed', 0],
    ['weighbridge / metrics', 'changed', 0],
  ])
  expect(latest()[0]?.annotations).toBe(1)
})

test('a check that is not judged any more is never left red: it says so, once', () => {
  const { publish, latest } = commit()
  publish(checksOf(failing))
  const without = checksOf(document('passed', [registry]))
  expect(publish(without)).toContainEqual(['weighbridge / metrics', 'new', 0])
  expect(latest()).toContainEqual(expect.objectContaining({ name: 'weighbridge / metrics', conclusion: 'success' }))
  expect(publish(without)).toEqual([])
  expect(publish(checksOf(failing))).toContainEqual(['weighbridge / metrics', 'new', 0])
})

test('a stranger’s check of another name is left alone, and of several runs of a name the newest counts (S27)', () => {
  const [desired] = checksOf(document('passed', [registry]))
  if (desired === undefined) throw new Error('no check')
  const found = (more: Partial<FoundCheck>): FoundCheck => ({
    id: 1,
    name: 'weighbridge',
    status: 'completed',
    conclusion: 'success',
    externalId: desired.externalId,
    completedAt: null,
    ...more,
  })
  const writes = (all: readonly FoundCheck[]) => checkWrites([desired], all, { force: false, headSha: SHA })
  expect(writes([found({})])).toEqual([])
  expect(
    writes([found({}), found({ id: 9, name: 'build', conclusion: 'failure' }), found({ id: 8, name: 'weighbridgex' })]),
  ).toEqual([])
  expect(writes([found({}), found({ id: 2, conclusion: 'failure', externalId: 'other' })])).toMatchObject([
    { id: null },
  ])
  expect(writes([found({ conclusion: 'failure' })])).toMatchObject([{ id: null, conclusion: 'success' }])
})

test('a verdict that came back is written again: A, B, A', () => {
  const { publish, latest } = commit()
  publish(checksOf(sound))
  publish(checksOf(failing))
  publish(checksOf(sound))
  expect(latest().map(({ conclusion }) => conclusion)).toEqual(['success', 'success'])
})

test('checks of a state are one line each, and never green by themselves', () => {
  expect(nothingOfOurs(ORIGIN)).toMatchObject({
    conclusion: 'success',
    summary: '**✓ Passed.** Nothing of ours changed.',
  })
  expect(notOnboarded(ORIGIN, true)).toMatchObject({ conclusion: 'action_required', title: 'not onboarded' })
  expect(couldNotFinish(ORIGIN, 'GitHub does not answer.')).toMatchObject({
    conclusion: 'failure',
    title: 'Weighbridge could not finish',
  })
  expect(inProgress(ORIGIN, 'x')).toMatchObject({ status: 'in_progress', conclusion: null })
  expect(couldNotFinish(ORIGIN, '@org/all').summary).toContain('`@org/all`')
})

test('a report that is judged for the first time joins the roll-up', () => {
  const { publish } = commit()
  publish(checksOf(document('passed', [registry])))
  expect(publish(checksOf(document('passed', [registry, metrics('passed')])))).toContainEqual([
    'weighbridge / metrics',
    'new',
    0,
  ])
})
