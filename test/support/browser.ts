/** What a person sees: a page, with the forms on it. */
export interface BrowserPage {
  readonly url: string
  readonly status: number
  readonly text: string
  readonly headers: Headers
  readonly forms: readonly PageForm[]
}

interface PageForm {
  readonly action: string
  readonly fields: readonly (readonly [string, string])[]
  readonly button: string
}

/** A browser without scripts: it follows links and redirects, sends forms, and holds forms to the page's own policy. */
export interface Browser {
  open(url: string): Promise<BrowserPage>
  /** Presses the button of that name; `typed` is what was changed in the form. */
  press(page: BrowserPage, button: string, typed?: Readonly<Record<string, string>>): Promise<BrowserPage>
}

/** @param cookies  by origin */
export function openBrowser(send: typeof fetch, cookies: Readonly<Record<string, string>> = {}): Browser {
  const go = async (to: string, init: RequestInit, mayGo: (url: string) => void): Promise<BrowserPage> => {
    let [url, asked] = [to, init]
    for (let hops = 0; hops < 5; hops++) {
      mayGo(url)
      const cookie = cookies[new URL(url).origin]
      const headers = { ...(asked.headers as Record<string, string>), ...(cookie !== undefined && { cookie }) }
      const answer = await send(url, { ...asked, headers, redirect: 'manual' })
      const location = answer.headers.get('location')
      if (location === null) return pageOf(url, answer)
      await answer.body?.cancel()
      ;[url, asked] = [new URL(location, url).href, {}]
    }
    throw new Error(`${to} redirects without an end`)
  }
  return {
    open: (url) => go(url, {}, () => undefined),
    press: async (page, button, typed = {}) => {
      const form = page.forms.find((one) => one.button === button)
      if (form === undefined) throw new Error(`no button "${button}" on ${page.url}:\n${page.text}`)
      const body = new URLSearchParams(
        form.fields.map(([name, value]): [string, string] => [name, typed[name] ?? value]),
      ).toString()
      const init = { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
      return go(new URL(form.action, page.url).href, init, (url) => mustBeAllowed(page, url))
    },
  }
}

/** As Chrome has it: each redirect of a form must be among the targets that its page names. */
function mustBeAllowed(page: BrowserPage, url: string): void {
  const policy = page.headers.get('content-security-policy') ?? ''
  const allowed = /form-action ([^;]+)/.exec(policy)?.[1]?.split(' ')
  const { origin, protocol } = new URL(url)
  const isAllowed = allowed === undefined || allowed.includes(origin) || allowed.includes(protocol)
  if (!isAllowed) throw new Error(`${page.url} does not let its form go to ${origin}: ${policy}`)
}

async function pageOf(url: string, answer: Response): Promise<BrowserPage> {
  const text = await answer.text()
  const forms = [...text.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(
    ([, action = '', inner = '']) => ({
      action: plain(action),
      fields: [...inner.matchAll(/<input type="\w+" name="([^"]*)" value="([^"]*)">/g)].map(
        ([, name = '', value = '']) => [plain(name), plain(value)] as const,
      ),
      button: plain(/<button>(.*?)<\/button>/s.exec(inner)?.[1] ?? ''),
    }),
  )
  return { url, status: answer.status, text, headers: answer.headers, forms }
}

function plain(html: string): string {
  return html.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}
