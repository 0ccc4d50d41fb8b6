import http from 'node:http'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { onTestFinished } from 'vitest'
import { STORE_KEY, type StoreOptions } from '../../../src/world/store/open-store.ts'
import { openStoreServer, type StoreServer } from '../../../src/world/store/store-server.ts'

export interface StoreWorld {
  readonly server: StoreServer
  readonly client: S3Client
  /** Another client of the same store. */
  clientWith(config: S3ClientConfig): S3Client
}

/** A store on a port and the real AWS client, as it comes: its own checksums, its own retries off. */
export async function openStoreWorld(options: StoreOptions = {}): Promise<StoreWorld> {
  const server = await openStoreServer({ buckets: ['models'], ...options })
  onTestFinished(() => server.close())
  const clientWith = (config: S3ClientConfig) => {
    const client = new S3Client({
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: STORE_KEY,
      forcePathStyle: true,
      maxAttempts: 1,
      ...config,
    })
    onTestFinished(() => client.destroy())
    return client
  }
  return { server, client: clientWith({}), clientWith }
}

/** Finds every host on this machine: what a wildcard in DNS does for names of buckets. */
export function everyHostIsHere(): NodeHttpHandler {
  const agent = new http.Agent({
    lookup: (_host, options, found) => {
      if (options.all === true) found(null, [{ address: '127.0.0.1', family: 4 }])
      else found(null, '127.0.0.1', 4)
    },
  })
  return new NodeHttpHandler({ httpAgent: agent })
}

/** Code and status of what the store refused. */
export async function refusalOf(asked: Promise<unknown>): Promise<readonly [code: string, status: number]> {
  const error = (await asked.then(
    () => ({ name: 'nothing was refused' }),
    (reason: unknown) => reason,
  )) as { readonly name: string; readonly $metadata?: { readonly httpStatusCode?: number } }
  return [error.name, error.$metadata?.httpStatusCode ?? 0]
}
