import { type Checkout, openCheckout } from '../adapters/checkout/checkout.ts'
import { GitFailure, git } from '../adapters/checkout/git.ts'
import { InvalidCommand } from '../cli/command.ts'
import { plain } from '../report/plain-text.ts'

export interface FetchedCommits {
  readonly base: string
  readonly head: string
  readonly mergeBase: string
}

export interface RemoteHere {
  /** `https://github.com` */
  readonly server: string
  /** `owner/name` */
  readonly repository: string
  /** Empty: whatever the repository lets anybody read. */
  readonly token: string
}

const SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/
/** Branches and tags, nothing that Git would read as an option, a pattern or an expression. */
const REF = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,250}$/
/** What `--unshallow` means, and also goes where the history is whole already. */
const ALL_HISTORY = '--depth=2147483647'

/**
 * Base, head and where they part. What is here already is taken; else both are fetched with their history, which rules
 * such as `after:` read.
 *
 * @throws {InvalidCommand} when one cannot be had, or they have no common commit
 */
export async function fetchCommits(
  folder: string,
  wanted: { readonly base: string; readonly head: string },
  remote: RemoteHere,
): Promise<FetchedCommits> {
  const checkout = await openCheckout(folder)
  return (await hereAlready(checkout, wanted)) ?? (await fetched(checkout, wanted, remote))
}

async function hereAlready(
  checkout: Checkout,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<FetchedCommits | null> {
  // a branch may have moved since the checkout
  if (!SHA.test(base) || !SHA.test(head)) return null
  if ((await git(checkout.root, ['rev-parse', '--is-shallow-repository'])).trim() === 'true') return null
  try {
    await Promise.all([checkout.resolve(base), checkout.resolve(head)])
    return { base, head, mergeBase: await checkout.mergeBase(base, head) }
  } catch (error) {
    if (error instanceof GitFailure) return null
    throw error
  }
}

async function fetched(
  checkout: Checkout,
  wanted: { readonly base: string; readonly head: string },
  { server, repository, token }: RemoteHere,
): Promise<FetchedCommits> {
  const sides = Object.entries(wanted).map(([side, name]) => `+${sourceOf(side, name)}:refs/weighbridge/${side}`)
  const options = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-auto-maintenance', ALL_HISTORY]
  const from = `${server}/${repository}`
  try {
    await git(checkout.root, ['fetch', ...options, '--end-of-options', from, ...sides], access(server, token))
    const base = await checkout.resolve('refs/weighbridge/base')
    const head = await checkout.resolve('refs/weighbridge/head')
    return { base, head, mergeBase: await checkout.mergeBase(base, head) }
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error
    throw new InvalidCommand(
      `${wanted.base.slice(0, 12)} and ${wanted.head.slice(0, 12)} cannot be fetched from ${repository}: ${said(error, token)}`,
      'The job needs permissions: contents: read, and the input token must be one that reads this repository.',
    )
  }
}

function sourceOf(side: string, name: string): string {
  if (SHA.test(name)) return name
  if (!REF.test(name))
    throw new InvalidCommand(`input ${side} cannot be "${name}"`, 'Name a branch, a tag or a commit.')
  return name
}

/**
 * The token as Git takes it from its environment: no process list and no file ever shows it, and no other host gets it.
 * An empty header first drops one that actions/checkout may have left for the same host: GitHub refuses two.
 */
function access(server: string, token: string): Readonly<Record<string, string>> {
  const header = `http.${server}/.extraheader`
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  const settings = [
    ['credential.helper', ''],
    ['http.followRedirects', 'false'],
    ...(token === ''
      ? []
      : [
          [header, ''],
          [header, `AUTHORIZATION: basic ${basic}`],
        ]),
  ]
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(settings.length)],
    ...settings.flatMap(([key = '', value = ''], at) => [
      [`GIT_CONFIG_KEY_${at}`, key],
      [`GIT_CONFIG_VALUE_${at}`, value],
    ]),
  ])
}

/** Git's words, without what it was given in confidence. */
function said({ message }: GitFailure, token: string): string {
  const shown = token === '' ? message : message.replaceAll(token, '***')
  return plain(shown, 300)
}
