import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../../src/adapters/store/store.ts'
import { isOpen } from '../../../src/ledger/budget-state.ts'
import { STORE_KEY } from '../../../src/world/store/open-store.ts'
import type { StoreServer } from '../../../src/world/store/store-server.ts'
import { openStoreHere } from '../../support/store-here.ts'
import { CHURN, dispatched, fact, ofBudget, openLedgerWorld } from './ledger-world.ts'

let server: StoreServer

beforeAll(async () => {
  server = await openStoreHere({ buckets: ['acme'], keys: [{ ...STORE_KEY, allows: ['acme/'] }] })
})
afterAll(() => server.close())

const inS3 = () => ({
  store: openStore({ root: '/', prefixes: ['s3://acme/evidence'] }),
  prefix: 's3://acme/evidence/',
})

test.each([2, 20])('%i writers at once over S3: every line once, one chain', async (writers) => {
  server.objects.clear()
  const world = openLedgerWorld(inS3())

  await Promise.all(
    Array.from({ length: writers }, (_, number) => world.open(inS3()).append([fact(number), fact(number + 1)])),
  )

  expect(await world.lines()).toHaveLength(writers + 1)
  expect(server.objects.keys().filter((name) => name.startsWith('acme/evidence/ledger/'))).toHaveLength(writers + 1)
})

test('a reading asks the store for two objects, however long the ledger is', async () => {
  server.objects.clear()
  const world = openLedgerWorld(inS3())
  const ledger = world.open(inS3())
  await ledger.append(Array.from({ length: 30 }, (_, number) => fact(number)))
  server.requests.length = 0

  expect(await ledger.read(CHURN, world.branch.tip())).toMatchObject({ is: 'sound', state: { seq: 30 } })

  expect(server.requests).toEqual([
    'GET /acme/evidence/ledger/000000000030.json',
    'GET /acme/evidence/ledger/000000000031.json',
  ])
})

test('20 askers at once over S3 never take more than there is (S49)', async () => {
  server.objects.clear()
  const world = openLedgerWorld(inS3())

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, number) =>
      world
        .open(inS3())
        .appendBudget(({ runs }) =>
          runs.filter(isOpen).length < 4 ? [ofBudget(dispatched(number))] : { refused: 'four are open' },
        ),
    ),
  )

  expect(answers.filter(({ is }) => is === 'appended')).toHaveLength(4)
  expect(await world.lines()).toHaveLength(4)
})
