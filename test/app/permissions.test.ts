import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { APP_PERMISSIONS, DELIVERED_WITH } from '../../src/app/permissions.ts'
import { HANDLED_EVENTS } from '../../src/intake/handled-events.ts'

interface Manifest {
  readonly default_permissions: Readonly<Record<string, string>>
  readonly default_events: readonly string[]
}

const manifest = load(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')) as Manifest

test('the app asks for the events that the code handles, and for no other', () => {
  const handled = Object.keys(HANDLED_EVENTS).filter((event) => !event.startsWith('installation'))

  expect([...manifest.default_events].sort()).toEqual(handled.sort())
})

test('installation events come unasked and are never listed', () => {
  expect(manifest.default_events.filter((event) => event.startsWith('installation'))).toEqual([])
  expect(Object.keys(HANDLED_EVENTS)).toContain('installation')
})

test('every event that the app asks for is one that its permissions let GitHub deliver', () => {
  const withheld = manifest.default_events.filter(
    (event) => manifest.default_permissions[DELIVERED_WITH[event] ?? 'unknown'] === undefined,
  )

  expect(withheld).toEqual([])
})

test('the app asks for the least, each permission with a reason (S24, S26)', () => {
  const asked = Object.fromEntries(Object.entries(APP_PERMISSIONS).map(([permission, [level]]) => [permission, level]))

  expect(manifest.default_permissions).toEqual(asked)
  for (const never of ['workflows', 'administration', 'secrets', 'organization_custom_roles'])
    expect(manifest.default_permissions).not.toHaveProperty(never)
})
