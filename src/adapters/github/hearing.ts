import type { RawAnswer, Requests } from './octokit-factory.ts'

/** An answer of GitHub as figures need it: nothing that a repository says. */
export interface HeardAnswer {
  /** In our words, a fixed number of them: `read the pull request`. */
  readonly operation: string
  /** 0: none came. */
  readonly status: number
  /** Which quota it was counted against, and what is left of it; null where GitHub did not say. */
  readonly quota: { readonly resource: 'core' | 'graphql'; readonly left: number } | null
}

/** The same requests, each answer of which is told, also one that refuses. */
export function hearing(octokit: Requests, operation: string, heard: (answer: HeardAnswer) => void): Requests {
  return {
    request: async (route, parameters) => {
      try {
        const answer = await octokit.request(route, parameters)
        heard({ operation, status: answer.status, quota: quotaIn(answer.headers) })
        return answer
      } catch (error) {
        const { status, response } = error as { readonly status?: unknown; readonly response?: Partial<RawAnswer> }
        const isAnswer = typeof status === 'number' && response !== undefined
        heard({ operation, status: isAnswer ? status : 0, quota: quotaIn(response?.headers ?? {}) })
        throw error
      }
    },
  }
}

function quotaIn(headers: RawAnswer['headers']): HeardAnswer['quota'] {
  const resource = headers['x-ratelimit-resource']
  const left = Number(headers['x-ratelimit-remaining'] ?? Number.NaN)
  return (resource === 'core' || resource === 'graphql') && Number.isInteger(left) ? { resource, left } : null
}
