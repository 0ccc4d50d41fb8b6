import { expect, test } from 'vitest'
import { openMirror } from '../../../src/adapters/ledger/mirror.ts'
import { restoredFiles } from '../../../src/adapters/ledger/restore.ts'
import { auditedLines } from '../../../src/ledger/audit.ts'
import { everyModelOf, withEnvironment } from '../../../src/ledger/every-model.ts'
import { emptyState, type Fact } from '../../../src/ledger/fact.ts'
import { verifyFiles } from '../../../src/ledger/verify-files.ts'
import { CHURN, deployed, fact, OUR_KEY, openLedgerWorld, REPOSITORY } from './ledger-world.ts'

const WHOLE = everyModelOf('production')
const frozen = (until: string | null, reason = 'upgrade'): Fact => ({ kind: 'frozen', until, reason })

test('what concerns an environment is read with every model of it, in the same question, also of models that come later', async () => {
  const world = openLedgerWorld()
  const ledger = world.open()
  await ledger.append([fact(1, { fact: deployed('1.0.0') })])
  await ledger.append([fact(2, { scope: WHOLE, fact: frozen('2026-12-01T00:00:00Z') })])
  world.branch.calls.length = 0

  const readings = await Promise.all(
    [CHURN, { ...CHURN, model: 'not-there-yet' }].map((scope) => ledger.read(scope, world.branch.tip())),
  )
  const elsewhere = await ledger.read({ ...CHURN, environment: 'staging' }, world.branch.tip())

  expect(readings).toMatchObject([
    { is: 'sound', state: { model: 'churn', deployed: [{ version: '1.0.0' }], frozen: { reason: 'upgrade' } } },
    { is: 'sound', state: { model: 'not-there-yet', frozen: { reason: 'upgrade' } } },
  ])
  expect(elsewhere).toMatchObject({ state: { frozen: null } })
  expect(world.branch.calls).toEqual(['read 4', 'read 4', 'read 4'])
})

test('its lines lie in a folder that no model can have, verify, are shown with each model and are restored', async () => {
  const world = openLedgerWorld()
  await world.open().append([fact(1), fact(2, { scope: WHOLE, fact: frozen(null) })])
  const lines = await world.lines()
  const mirror = openMirror(world.store, world.prefix)
  const keys = [OUR_KEY.public]

  const { files } = await restoredFiles({
    mirror,
    ledger: REPOSITORY.id,
    keys,
    signingKey: OUR_KEY,
    tip: null,
    now: '2026-11-20T10:00:00Z',
  })

  expect([...world.branch.files().keys()]).toContain('state/production/_.json')
  expect([...world.branch.files().keys()].filter((path) => path.startsWith('facts/production/_/'))).toHaveLength(1)
  expect(auditedLines(lines, { model: 'churn' })).toHaveLength(2)
  expect(verifyFiles(files, keys).flaw).toBeNull()
})

test('of two freezes the one that ends later holds; one without an end ends last', () => {
  const state = (until: string | null) => ({
    ...emptyState('production', 'churn'),
    frozen: { until, reason: String(until), by: 1, at: '2026-11-01T00:00:00Z' },
  })
  const ends = (a: string | null, b: string | null) => withEnvironment(state(a), state(b)).frozen?.until

  expect(ends('2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z')).toBe('2026-12-02T00:00:00Z')
  expect(ends('2026-12-02T00:00:00Z', '2026-12-01T00:00:00Z')).toBe('2026-12-02T00:00:00Z')
  expect(ends(null, '2026-12-01T00:00:00Z')).toBeNull()
  expect(ends('2026-12-01T00:00:00Z', 'nonsense')).toBe('nonsense')
  expect(withEnvironment(emptyState('production', 'churn'), emptyState('production', '*')).frozen).toBeNull()
})

test('a pull request that is held in the environment is held whatever it promotes there, and told once', () => {
  const held = (pull: number, reason: string) => ({ pull, reason, by: 1, at: '2026-11-01T00:00:00Z' })
  const own = { ...emptyState('production', 'churn'), held: [held(7, 'of churn')] }
  const whole = { ...emptyState('production', '*'), held: [held(7, 'of all'), held(8, 'of all')] }

  const { held: both } = withEnvironment(own, whole)
  expect(both.map(({ pull, reason }) => [pull, reason])).toEqual([
    [7, 'of churn'],
    [8, 'of all'],
  ])
})
