import type { StoreOptions } from '../../src/world/store/open-store.ts'
import { openStoreServer, STORE_ENVIRONMENT, type StoreServer } from '../../src/world/store/store-server.ts'

/** An S3 store that the environment of this process names, as a user's does; closing it puts the environment back. */
export async function openStoreHere(options: StoreOptions = {}): Promise<StoreServer> {
  const server = await openStoreServer(options)
  const forget = nameStore(server.endpoint)
  const close = () => {
    forget()
    return server.close()
  }
  return { ...server, close }
}

/**
 * Names a store in the environment of this process.
 *
 * @returns puts the environment back
 */
export function nameStore(endpoint: string): () => void {
  const before = { ...process.env }
  Object.assign(process.env, STORE_ENVIRONMENT, { AWS_ENDPOINT_URL_S3: endpoint })
  delete process.env.AWS_SESSION_TOKEN
  return () => {
    process.env = before
  }
}
