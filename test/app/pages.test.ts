import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { githubSignIn } from '../../src/app/pages/github-sign-in.ts'
import { mayReadBy } from '../../src/app/pages/may-read.ts'
import type { PageAnswer } from '../../src/app/pages/page.ts'
import { type ReportPages, reportPage } from '../../src/app/pages/reports.ts'

const REPORT = new TextEncoder().encode('<!doctype html><p>churn 1.4.0 passed')
const DIGEST = createHash('sha256').update(REPORT).digest('hex')
const PATH = `/reports/acme/risk/${DIGEST}`

/** A small GitHub: an authorisation server with PKCE, and one repository that dana may read. */
class FakeGitHub {
  now = Date.parse('2026-11-18T10:00:00Z')
  readers = new Set(['dana'])
  asked = 0
  private readonly codes = new Map<string, { login: string; challenge: string }>()

  /** What GitHub's own page does when somebody agrees: a code for exactly this challenge. */
  agrees(login: string, location: string): { code: string; state: string } {
    const { searchParams } = new URL(location)
    const code = `code-${this.codes.size}`
    this.codes.set(code, { login, challenge: searchParams.get('code_challenge') ?? '' })
    return { code, state: searchParams.get('state') ?? '' }
  }

  fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input))
    if (url.pathname === '/login/oauth/access_token') return this.token(new URLSearchParams(String(init?.body)))
    this.asked++
    const login = new Headers(init?.headers).get('authorization')?.replace('Bearer token-', '') ?? ''
    const isHere = url.pathname.toLowerCase() === '/repos/acme/risk' && this.readers.has(login)
    return isHere
      ? Response.json({ id: 42, name: 'risk', owner: { login: 'acme' } })
      : Response.json({ message: 'Not Found' }, { status: 404 })
  }

  private token(form: URLSearchParams): Response {
    const found = this.codes.get(form.get('code') ?? '')
    this.codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (found?.challenge !== challenge || form.get('client_secret') !== 'a secret')
      return Response.json({ error: 'bad_verification_code' })
    return Response.json({ access_token: `token-${found.login}`, token_type: 'bearer' })
  }
}

/** A browser that keeps cookies as browsers do. */
class Browser {
  private readonly cookies = new Map<string, string>()
  private readonly pages: ReportPages
  constructor(pages: ReportPages) {
    this.pages = pages
  }

  async opens(url: string, headers: Readonly<Record<string, string>> = {}): Promise<PageAnswer> {
    const { pathname, searchParams } = new URL(url, 'https://weighbridge.example.org')
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await reportPage(this.pages, {
      method: 'GET',
      path: pathname,
      query: searchParams,
      isLoopback: true,
      headers: { cookie, ...headers },
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.cookies.set(name, value)
    }
    return answer
  }

  async signsInAs(login: string, github: FakeGitHub, path = PATH): Promise<PageAnswer> {
    const sent = await this.opens(path)
    const { code, state } = github.agrees(login, String(sent.headers.location))
    return this.opens(`/reports/signed-in?code=${code}&state=${state}`)
  }
}

let github: FakeGitHub
let pages: ReportPages

beforeEach(() => {
  github = new FakeGitHub()
  const of = { fetch: github.fetch, now: () => github.now }
  pages = {
    load: async ({ id }, digest) => (id === 42 && digest === DIGEST ? REPORT : undefined),
    readers: {
      are: 'signed-in',
      signIn: githubSignIn({
        ...of,
        clientId: 'Iv1.a',
        clientSecret: 'a secret',
        webUrl: 'https://github.com',
        publicUrl: 'https://weighbridge.example.org',
      }),
      mayRead: mayReadBy({ ...of, apiUrl: 'https://api.github.com' }),
    },
  }
})

describe('a report page', () => {
  test('is shown to somebody who may read the repository, after signing in with GitHub', async () => {
    const dana = new Browser(pages)

    const sent = await dana.opens(PATH)
    const back = await dana.signsInAs('dana', github)
    const shown = await dana.opens(String(back.headers.location))

    expect(sent.status).toBe(302)
    expect(String(sent.headers.location)).toMatch(
      /^https:\/\/github\.com\/login\/oauth\/authorize\?.*code_challenge_method=S256/,
    )
    expect(back.headers.location).toBe(PATH)
    expect(shown).toMatchObject({ status: 200, body: REPORT })
    expect(shown.headers['content-security-policy']).toContain("default-src 'none'")
  })

  test('is the same "not here" for a stranger, a digest that never was, and a repository that is not there', async () => {
    const eve = new Browser(pages)
    await eve.signsInAs('eve', github)
    const dana = new Browser(pages)
    await dana.signsInAs('dana', github)

    const answers = [
      await eve.opens(PATH),
      await dana.opens(`/reports/acme/risk/${'0'.repeat(64)}`),
      await dana.opens(`/reports/acme/other/${DIGEST}`),
      await dana.opens(`/reports/acme/..%2frisk/${DIGEST}`),
      await dana.opens(`/reports/acme/risk/${DIGEST}/`),
    ]

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 404 })
  })

  test('a right that was taken away ends within a minute, and a session within an hour', async () => {
    const dana = new Browser(pages)
    await dana.signsInAs('dana', github)
    expect(await dana.opens(PATH)).toMatchObject({ status: 200 })

    github.readers.delete('dana')
    github.now += 61_000
    const later = await dana.opens(PATH)
    github.readers.add('dana')
    github.now += 3_600_000
    const nextDay = await dana.opens(PATH)

    expect(later).toMatchObject({ status: 404 })
    expect(nextDay).toMatchObject({ status: 302 })
  })

  test('ten views in a minute ask GitHub once', async () => {
    const dana = new Browser(pages)
    await dana.signsInAs('dana', github)

    for (let view = 0; view < 10; view++) await dana.opens(PATH)

    expect(github.asked).toBe(1)
  })

  test('nobody is signed in by a sign-in that another browser began, nor twice by one', async () => {
    const [dana, eve] = [new Browser(pages), new Browser(pages)]
    const sent = await eve.opens(PATH)
    const { code, state } = github.agrees('eve', String(sent.headers.location))

    const planted = await dana.opens(`/reports/signed-in?code=${code}&state=${state}`)
    const own = await eve.opens(`/reports/signed-in?code=${code}&state=${state}`)
    const again = await eve.opens(`/reports/signed-in?code=${code}&state=${state}`)

    expect([planted.status, own.status, again.status]).toEqual([404, 302, 404])
  })

  test('a code that was stolen on its way opens nothing without the verifier', async () => {
    const [dana, eve] = [new Browser(pages), new Browser(pages)]
    const stolen = github.agrees('dana', String((await dana.opens(PATH)).headers.location))
    const own = github.agrees('eve', String((await eve.opens(PATH)).headers.location))

    const answer = await eve.opens(`/reports/signed-in?code=${stolen.code}&state=${own.state}`)

    expect(answer).toMatchObject({ status: 404 })
  })

  test('signing in leads back to a report and nowhere else', async () => {
    const dana = new Browser(pages)
    const outside = await dana.opens(`/reports/signed-in?return=https://evil.example&code=1&state=2`)
    expect(outside.headers.location).toBeUndefined()

    const back = await dana.signsInAs('dana', github)
    expect(back.headers.location).toBe(PATH)
  })

  test('a forged session cookie is no session', async () => {
    const eve = new Browser(pages)

    const answer = await eve.opens(PATH, { cookie: `__Host-weighbridge-session=${'a'.repeat(43)}.${'b'.repeat(43)}` })

    expect(answer.status).toBe(302)
  })

  test('cookies are for this host over HTTPS, unreadable by scripts, and hold no token', async () => {
    const back = await new Browser(pages).signsInAs('dana', github)

    const cookies = [back.headers['set-cookie'] ?? []].flat()
    expect(
      cookies.every((line) => /^__Host-.*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/.test(line)),
    ).toBe(true)
    expect(cookies.join()).not.toContain('token')
  })

  test('bytes that somebody exchanged in the store are not shown', async () => {
    const exchanged = { ...pages, load: async () => new TextEncoder().encode('<p>all passed') }
    const dana = new Browser(exchanged)
    await dana.signsInAs('dana', github)

    expect(await dana.opens(PATH)).toMatchObject({ status: 404 })
  })
})

describe('a report page on localhost', () => {
  beforeEach(() => {
    pages = {
      ...pages,
      readers: { are: 'local', idOf: (owner, name) => (`${owner}/${name}` === 'acme/risk' ? 42 : null) },
    }
  })

  test('needs no sign-in', async () => {
    expect(await new Browser(pages).opens(PATH, { host: 'localhost:3000' })).toMatchObject({ status: 200 })
  })

  test('is not shown under another name that points at this machine', async () => {
    expect(await new Browser(pages).opens(PATH, { host: 'evil.example:3000' })).toMatchObject({ status: 404 })
  })

  test('is not shown to whoever comes through a proxy', async () => {
    const headers = { host: 'localhost:3000', 'x-forwarded-for': '203.0.113.7' }

    expect(await new Browser(pages).opens(PATH, headers)).toMatchObject({ status: 404 })
  })
})
