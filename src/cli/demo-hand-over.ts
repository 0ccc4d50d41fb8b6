import { MANIFEST_PATH } from '../demo/adult-registry.ts'
import { AUTHOR, type DemoWorld, ON_CALL, REPOSITORY } from '../demo/demo-world.ts'
import type { Heard } from '../demo/heard.ts'
import { issueUserToken } from '../world/github/acts/issue-token.ts'
import { findAccount } from '../world/github/state/find.ts'
import { checkLine } from './demo-story.ts'
import type { Terminal } from './terminal.ts'

/** How to open a pull request of one's own: lines to copy. The tokens are worth nothing elsewhere. */
export function handOver({ world, site, repository }: DemoWorld): readonly string[] {
  if (site === null) return []
  const { state } = world.github
  const token = (login: string) => issueUserToken(world.github.running, findAccount(state, login)?.id ?? 0).token
  const [author, onCall] = [`${AUTHOR}:${token(AUTHOR)}`, `${ON_CALL}:${token(ON_CALL)}`]
  const api = `${site.url}/repos/${REPOSITORY}/pulls`
  const opens = (version: string) =>
    `curl -sSfo /dev/null -u ${author} ${api} -d '{"title": "Serve ${version}", "head": "serve-${version}", "base": "main"}'`
  const pushes = (version: string) =>
    `sed -i.bak 's/1\\.[0-9]\\.0/${version}/' ${MANIFEST_PATH} && git commit -qam 'serve ${version}' && git push -q origin HEAD:serve-${version}`
  const next = repository.pulls.length + 1
  return [
    '',
    `Pages: ${site.url}/`,
    '',
    'Push a promotion as dana and open a pull request for it. In another terminal:',
    '',
    `git clone ${site.url.replace('//', `//${author}@`)}/${REPOSITORY}.git weighbridge-demo && cd weighbridge-demo`,
    pushes('1.2.0'),
    opens('1.2.0'),
    '',
    'Then go back to what served before. Once its check asks for otto, who is on call, he approves, and the app merges:',
    '',
    pushes('1.0.0'),
    opens('1.0.0'),
    `curl -sSfo /dev/null -u ${onCall} ${api}/${next + 1}/reviews -d '{"event": "APPROVE"}'`,
    '',
    'watching... (Ctrl-C ends)',
  ]
}

/** One line for what has happened; null for what nobody would miss. */
export function heardLine(heard: Heard | null, terminal: Terminal): string | null {
  if (heard === null) return null
  if (heard.is === 'push') return `${heard.by} pushed to ${heard.ref}`
  if (heard.is === 'pull') return `${heard.by} ${heard.happened} #${heard.number} ${heard.title}`
  const pulls = heard.pulls.map((number) => `#${number}`).join(' ')
  return `${pulls}${checkLine(heard, terminal)}`
}
