import { registerManifest } from '../acts/register-manifest.ts'
import { findAccount, notFound } from '../state/find.ts'
import type { WorldAccount } from '../state/people.ts'
import { memberOf } from '../state/roles.ts'
import { htmlPage, redirectTo } from './html-page.ts'
import type { PageCall, PageHandler } from './page-call.ts'
import { type Manifest, readManifest } from './read-manifest.ts'

/** The form that follows from a manifest: only the name is left to change. */
export const offerManifest: PageHandler = (call) => {
  const owner = ownerOf(call)
  return withManifest(call, (manifest) => {
    const hidden = { manifest: call.form.get('manifest') ?? '', state: call.query.get('state') ?? '' }
    const form = {
      action: `${folderOf(call)}/settings/apps`,
      hidden,
      text: ['name', manifest.name ?? ''] as const,
      button: `Create GitHub App for ${owner.login}`,
    }
    return htmlPage(200, 'Create GitHub App', ['GitHub App name'], [form])
  })
}

/** The button of that form: the app is there, and the browser goes back to where the manifest says, with the code. */
export const registerFromForm: PageHandler = (call) => {
  const owner = ownerOf(call).id
  return withManifest(call, (manifest) => {
    const { code } = registerManifest(call.github, { manifest, name: call.form.get('name') ?? '', owner })
    const back = new URL(manifest.redirect_url)
    back.searchParams.set('code', code)
    const state = call.form.get('state') ?? ''
    if (state !== '') back.searchParams.set('state', state)
    return redirectTo(back.href)
  })
}

function withManifest({ github, form }: PageCall, go: (manifest: Manifest) => ReturnType<typeof htmlPage>) {
  const reading = readManifest(github, form.get('manifest') ?? '')
  if (reading.is === 'sound') return go(reading.manifest)
  const lines = ['The configuration does not appear to be a valid GitHub App manifest.']
  return htmlPage(422, 'Invalid GitHub App configuration', [
    ...lines,
    ...reading.errors.map((error) => `Error: ${error}`),
  ])
}

/** Oneself, or an organisation that one owns. */
function ownerOf({ github: { state }, named, user }: PageCall): WorldAccount {
  if (named === null) return user
  const organisation = findAccount(state, named)
  const member = organisation === null ? null : memberOf(state, organisation.id, user.id)
  if (organisation === null || member?.role !== 'admin' || member.state !== 'active') throw notFound()
  return organisation
}

function folderOf({ named }: PageCall): string {
  return named === null ? '' : `/organizations/${encodeURIComponent(named)}`
}
