import { randomUUID } from 'node:crypto'
import type { ObjectStore } from '../../ports.ts'

/**
 * Whether a store writes over what it was told not to, as some that speak S3 do: one object is written twice under the
 * condition that it is not there.
 *
 * @param uri  of the probe; it stays, so that later probes write once at most
 */
export async function isForgetful(store: Pick<ObjectStore, 'putNew'>, uri: string): Promise<boolean> {
  const probe = () => store.putNew(uri, new TextEncoder().encode(JSON.stringify({ probe: randomUUID() })))
  const said = [await probe()]
  if (said[0] === 'written') said.push(await probe())
  return !said.includes('exists')
}
