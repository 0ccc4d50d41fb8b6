import { expect, test } from 'vitest'
import { newestCheckpoint } from '../../src/training/newest-checkpoint.ts'

const at = 's3://acme/registry/churn/checkpoints/wb-1/'
const whole = (...names: readonly string[]) => names.flatMap((name) => [at + name, `${at}${name}.sha256`])

test('a training goes on from the last epoch that was saved whole, whichever attempt saved it', () => {
  const kept = [...whole('epoch-00010-attempt-01.pt', 'epoch-00005-attempt-01.pt', 'epoch-00010-attempt-02.pt')]

  expect(newestCheckpoint([...kept, `${at}epoch-00015-attempt-02.pt`], null)).toBe(`${at}epoch-00010-attempt-02.pt`)
})

test('a trial goes on from its own checkpoint, and never from that of another whose number begins alike', () => {
  const kept = whole('trial-1-epoch-00005.pt', 'trial-10-epoch-00020.pt', 'epoch-00099.pt')

  expect(newestCheckpoint(kept, 1)).toBe(`${at}trial-1-epoch-00005.pt`)
  expect(newestCheckpoint(kept, 10)).toBe(`${at}trial-10-epoch-00020.pt`)
  expect(newestCheckpoint(kept, null)).toBe(`${at}epoch-00099.pt`)
  expect(newestCheckpoint(kept, 2)).toBeNull()
})

test('a digest without its checkpoint is nothing to go on from', () => {
  expect(newestCheckpoint([`${at}epoch-00005.pt.sha256`], null)).toBeNull()
})
