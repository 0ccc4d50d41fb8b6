import { WEBHOOK_PATH } from '../../intake/intake.ts'
import { CALLBACK } from '../pages/github-sign-in.ts'
import type { ShippedApp } from './shipped-app.ts'

/** Where people and GitHub reach things, without a slash at the end. */
export interface SetupUrls {
  /** The app, as GitHub reaches it: `https://weighbridge.example.org`. */
  readonly publicUrl: string
  /** This setup, as the browser of whoever registers the app reaches it. */
  readonly setupUrl: string
}

export const CREATED = '/setup/created'

/**
 * The manifest that GitHub's form takes: the app with its permissions, events and addresses already filled in.
 *
 * @see https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */
export function appManifest(app: ShippedApp, name: string, { publicUrl, setupUrl }: SetupUrls): string {
  return JSON.stringify({
    name,
    description: app.description,
    url: app.url,
    hook_attributes: { url: `${publicUrl}${WEBHOOK_PATH}`, active: true },
    redirect_url: `${setupUrl}${CREATED}`,
    callback_urls: [`${publicUrl}${CALLBACK}`],
    request_oauth_on_install: false,
    public: app.public,
    default_permissions: app.default_permissions,
    default_events: app.default_events,
  })
}

/** Where the form is sent: an account's own apps, or those of an organisation. */
export function registrationUrl(webUrl: string, organization: string | null, state: string): string {
  const owner = organization === null ? '' : `/organizations/${encodeURIComponent(organization)}`
  return `${webUrl}${owner}/settings/apps/new?state=${encodeURIComponent(state)}`
}
