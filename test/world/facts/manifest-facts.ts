import { expect } from 'vitest'
import type { Fact } from './fact.ts'

const PAGE = 'apps/sharing-github-apps/registering-a-github-app-from-a-manifest'

/** Registering an app by its manifest; what its form does no API can show (test/world/github/manifest-flow.test.ts). */
export const MANIFEST_FACTS: readonly Fact[] = [
  {
    id: 'manifest-code-unknown',
    sentence: 'A code that nobody was given is traded for nothing: 404, whoever asks.',
    page: 'rest/apps/apps#create-a-github-app-from-a-manifest',
    status: 'documented',
    test: async (api) => {
      const code = 'a'.repeat(40)
      for (const asks of [api.ada, api.bot])
        expect(await api.statusOf(asks.rest.apps.createFromManifest({ code }))).toBe(404)
    },
  },
  {
    id: 'manifest-code-once',
    sentence: 'The code of a manifest is good for an hour, and once.',
    page: `${PAGE}#implementing-the-github-app-manifest-flow`,
    status: 'documented',
    test: null,
  },
  {
    id: 'manifest-state-comes-back',
    sentence: 'The browser comes back to redirect_url with the code and the state that it was sent with.',
    page: `${PAGE}#1-you-redirect-people-to-github-to-register-a-new-github-app`,
    status: 'documented',
    test: null,
  },
  {
    id: 'manifest-events-need-permissions',
    sentence:
      'A manifest whose events its permissions do not bring is refused, with the names of all such events; so is one that lists installation.',
    page: PAGE,
    status: 'open',
    test: null,
  },
  {
    id: 'manifest-comments-need-issues',
    sentence: 'For issue_comment a manifest must ask for issues: pull_requests is not enough there.',
    page: 'webhooks/webhook-events-and-payloads',
    status: 'open',
    test: null,
  },
  {
    id: 'manifest-hook-is-public',
    sentence: 'github.com takes no webhook on localhost.',
    page: 'apps/creating-github-apps/registering-a-github-app/using-webhooks-with-github-apps',
    status: 'open',
    test: null,
  },
  {
    id: 'private-app-stays-home',
    sentence: 'A private app can be installed on the account that owns it, and on no other.',
    page: 'apps/creating-github-apps/registering-a-github-app/making-a-github-app-public-or-private',
    status: 'documented',
    test: null,
  },
]
