import { createHash } from 'node:crypto'
import type { Route, RouteRequest } from '../../intake/route.ts'
import { CALLBACK, type SignIn } from './github-sign-in.ts'
import type { MayRead, ReadableRepository } from './may-read.ts'
import { notHere, type PageAnswer, type PageRequest, page } from './page.ts'

const REPORT = /^\/reports\/([\w-][\w.-]{0,99})\/([\w-][\w.-]{0,99}|\.[\w-][\w.-]{0,98})\/([0-9a-f]{64})$/

/** Who reads: somebody signed in with GitHub, or whoever sits at this machine. */
export type Readers =
  | { readonly are: 'signed-in'; readonly signIn: SignIn; readonly mayRead: MayRead }
  /** The demo on localhost: no sign-in, and no name but this machine's own. */
  | { readonly are: 'local'; idOf(owner: string, name: string): number | null }

export interface ReportPages {
  /** Stored bytes of a report; undefined when there are none. */
  readonly load: (repository: ReadableRepository, digest: string) => Promise<Uint8Array | undefined>
  readonly readers: Readers
}

/** Reports as routes of the server. */
export function reportRoutes(pages: ReportPages): readonly Route[] {
  const handler = (request: RouteRequest) => reportPage(pages, request)
  return [CALLBACK, '/reports/:owner/:name/:digest'].map((path) => ({ method: 'GET', path, handler }))
}

/**
 * Answers for reports: shown only to who may read their repository now. Everything else is the same 404, whether it is
 * forbidden, gone or never was.
 */
export async function reportPage(pages: ReportPages, request: PageRequest): Promise<PageAnswer> {
  const { readers } = pages
  if (request.path === CALLBACK && readers.are === 'signed-in') return readers.signIn.finish(request)
  const [, owner, name, digest] = REPORT.exec(request.path) ?? []
  if (owner === undefined || name === undefined || digest === undefined) return notHere()
  if (readers.are === 'local') {
    const id = isLocal(request) ? readers.idOf(owner, name) : null
    return id === null ? notHere() : shown(pages, { id, owner, name }, digest)
  }
  const token = readers.signIn.tokenOf(request)
  if (token === null) return readers.signIn.begin(request.path)
  const repository = await readers.mayRead(token, owner, name)
  return repository === null ? notHere() : shown(pages, repository, digest)
}

/** What is stored under a digest is shown only when it has that digest. */
async function shown({ load }: ReportPages, repository: ReadableRepository, digest: string): Promise<PageAnswer> {
  const bytes = await load(repository, digest)
  if (bytes === undefined) return notHere()
  return createHash('sha256').update(bytes).digest('hex') === digest ? page(200, bytes) : notHere()
}

/**
 * From this machine, for this machine. A page elsewhere can point its own name at it, and that name then stands in
 * `Host`; what a proxy forwards is somebody else's.
 */
function isLocal({ headers, isLoopback }: PageRequest): boolean {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined)
  const isNamed = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(String(headers.host ?? ''))
  return isLoopback && isNamed && !isForwarded
}
