import type { BoundedMemory } from './bounded-memory.ts'
import type { RawAnswer, Requests } from './octokit-factory.ts'
import type { RestCall } from './rest-call.ts'

/** Answers by their ETag, for one identity in one installation: an unchanged one costs nothing of the quota. */
export interface EtagMemory {
  get(octokit: Requests, call: RestCall<unknown>): Promise<RawAnswer>
}

export interface TaggedAnswer {
  readonly etag: string
  readonly answer: RawAnswer
}

/** @param whose  nobody is told what another was answered */
export function openEtagMemory(kept: BoundedMemory<TaggedAnswer>, whose: string): EtagMemory {
  return {
    get: async (octokit, { route, parameters }) => {
      const key = `${whose} ${route} ${JSON.stringify(parameters)}`
      const known = kept.get(key)
      const condition = known === undefined ? {} : { headers: { 'if-none-match': known.etag } }
      try {
        const answer = await octokit.request(route, { ...parameters, ...condition })
        const { etag } = answer.headers
        if (typeof etag === 'string') kept.set(key, { etag, answer }, sizeOf(answer.data))
        return answer
      } catch (error) {
        if (known !== undefined && (error as { status?: unknown }).status === 304) return known.answer
        throw error
      }
    },
  }
}

function sizeOf(data: unknown): number {
  const text = JSON.stringify(data ?? null, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
  return 2 * text.length
}
