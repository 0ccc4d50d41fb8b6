import { installApp } from '../acts/install-app.ts'
import { accountOf, fullName, notFound } from '../state/find.ts'
import type { WorldAccount, WorldApp } from '../state/people.ts'
import { htmlPage, redirectTo } from './html-page.ts'
import type { PageCall, PageHandler } from './page-call.ts'

/** Where an app can be installed: a form for each repository, and one for all of an account. */
export const chooseRepositories: PageHandler = (call) => {
  const app = appNamed(call)
  const { state } = call.github
  const forms = targetsOf(call, app).flatMap((account) => {
    const repositories = [...state.repositories.values()].filter((one) => one.owner === account.id)
    const target = { action: `/apps/${app.slug}/installations`, hidden: { target_id: String(account.id) } }
    const only = repositories.map((one) => ({
      ...target,
      hidden: { ...target.hidden, 'repository_ids[]': String(one.id) },
      button: `Install on ${fullName(state, one)}`,
    }))
    return [...only, { ...target, button: `Install on all repositories of ${account.login}` }]
  })
  return htmlPage(200, `Install ${app.name}`, [], forms)
}

/** The button of one of those forms. */
export const installFromForm: PageHandler = async (call) => {
  const { github, form, user } = call
  const app = appNamed(call)
  const account = targetsOf(call, app).find((one) => String(one.id) === form.get('target_id'))
  if (account === undefined) throw notFound()
  const named = form.getAll('repository_ids[]').map(Number)
  if (named.some((id) => github.state.repositories.get(id)?.owner !== account.id)) throw notFound()
  const repositories = named.length === 0 ? 'all' : named
  const { id } = await installApp(
    github,
    { kind: 'user', account: user },
    { app: app.id, account: account.id, repositories },
  )
  const folder = account.id === user.id ? '' : `/organizations/${account.login}`
  return redirectTo(`${github.state.settings.htmlUrl}${folder}/settings/installations/${id}`)
}

function appNamed({ github: { state }, named }: PageCall): WorldApp {
  const app = [...state.apps.values()].find((one) => one.slug === named)
  if (app === undefined) throw notFound()
  return app
}

/** Oneself and the organisations that one owns; a private app goes nowhere but to its owner. */
function targetsOf({ github: { state }, user }: PageCall, app: WorldApp): readonly WorldAccount[] {
  const owned = [...state.members.values()].filter(
    (one) => one.user === user.id && one.role === 'admin' && one.state === 'active',
  )
  const all = [user, ...owned.map((one) => accountOf(state, one.organisation))]
  return all.filter((one) => app.isPublic || one.id === app.owner)
}
