import type { CheckRun, Delivery } from '../world/github/github-state.ts'

/** What a delivery says of a pull request. */
export type Heard =
  | {
      readonly is: 'check'
      readonly pulls: readonly number[]
      readonly name: string
      readonly conclusion: CheckRun['conclusion']
      readonly title: string
    }
  | {
      readonly is: 'pull'
      readonly number: number
      readonly happened: string
      readonly title: string
      readonly by: string
    }
  | { readonly is: 'push'; readonly ref: string; readonly by: string }

interface Body {
  readonly ref?: string
  readonly sender?: { readonly login: string }
  readonly pull_request?: { readonly number: number; readonly title: string; readonly merged?: boolean | null }
  readonly check_run?: {
    readonly name: string
    readonly conclusion: CheckRun['conclusion']
    readonly output: { readonly title: string | null }
    readonly pull_requests: readonly { readonly number: number }[]
  }
}

/** What people would like to watch: pushes, pull requests that open and end, checks; null for everything else. */
export function heardIn({ event, action, requestBody }: Delivery): Heard | null {
  const { sender, ref = '', check_run: check, pull_request: pull } = JSON.parse(requestBody) as Body
  const by = sender?.login ?? ''
  if (event === 'push') return { is: 'push', ref: ref.replace('refs/heads/', ''), by }
  // a check that is created completed is told twice
  if (event === 'check_run' && check !== undefined && !(action === 'created' && check.conclusion !== null)) {
    const pulls = check.pull_requests.map(({ number }) => number)
    return { is: 'check', pulls, name: check.name, conclusion: check.conclusion, title: check.output.title ?? '' }
  }
  if (event !== 'pull_request' || pull === undefined || action === 'synchronize') return null
  const happened = action === 'closed' && pull.merged === true ? 'merged' : (action ?? '')
  return { is: 'pull', number: pull.number, happened, title: pull.title, by }
}
