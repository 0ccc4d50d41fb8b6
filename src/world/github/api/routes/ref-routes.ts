import { createRef, deleteRef, updateRef } from '../../acts/move-ref.ts'
import { refBody } from '../bodies/git-body.ts'
import { created, found, nothing, ok, type RestCall, type RestHandler } from '../rest-call.ts'

export const refRoutes = {
  'git/get-ref': async (call) => ok(await shown(call, refIn(call))),
  'git/list-matching-refs': async (call) => {
    const refs = await call.github.storage.refs(call.repository.id, 'refs/')
    const wanted = [...refs].filter(([ref]) => ref.startsWith(refIn(call)))
    return ok(await Promise.all(wanted.map(([ref, sha]) => refBody(call, ref, sha))))
  },
  'git/create-ref': async (call) => {
    const { ref, sha } = call.body as { readonly ref: string; readonly sha: string }
    await createRef(call.github, call.actor, { repository: call.repository.id, ref, sha })
    return created(await shown(call, ref))
  },
  'git/update-ref': async (call) => {
    const { sha, force = false } = call.body as { readonly sha: string; readonly force?: boolean }
    await updateRef(call.github, call.actor, { repository: call.repository.id, ref: refIn(call), sha, force })
    return ok(await shown(call, refIn(call)))
  },
  'git/delete-ref': async (call) => {
    await deleteRef(call.github, call.actor, { repository: call.repository.id, ref: refIn(call) })
    return nothing()
  },
} satisfies Readonly<Record<string, RestHandler>>

function refIn({ params }: RestCall): string {
  return `refs/${params.ref ?? ''}`
}

async function shown(call: RestCall, ref: string) {
  return refBody(call, ref, found(await call.github.storage.tip(call.repository.id, ref)))
}
