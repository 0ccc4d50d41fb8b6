import { escapeHtml } from '../../report/html-text.ts'

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1f2328}' +
  'button,.button{font:inherit;background:#1f6feb;color:#fff;border:0;border-radius:6px;padding:.6rem 1.2rem;' +
  'text-decoration:none;display:inline-block;cursor:pointer}code{background:#eff1f3;padding:.1rem .3rem;border-radius:4px}'

function html(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><h1>${escapeHtml(title)}</h1>${body}</body></html>\n`
}

/** One button: GitHub's own page follows, with everything filled in. */
export function startPage(of: {
  readonly action: string
  readonly manifest: string
  readonly webhookUrl: string
  readonly asks: readonly string[]
}): string {
  const asks = of.asks.map((line) => `<li>${escapeHtml(line)}</li>`).join('')
  return html(
    'Register Weighbridge as your GitHub App',
    `<p>GitHub shows the app with everything filled in; you may change its name there. Its keys come back to this machine and nowhere else.</p>
<p>Deliveries will go to <code>${escapeHtml(of.webhookUrl)}</code>. It asks for:</p><ul>${asks}</ul>
<form method="post" action="${escapeHtml(of.action)}"><input type="hidden" name="manifest" value="${escapeHtml(of.manifest, 100_000)}"><button>Register on GitHub</button></form>`,
  )
}

/** It is registered; installing it is the last step. */
export function createdPage(of: { readonly installUrl: string; readonly envFile: string }): string {
  return html(
    'Registered',
    `<p>The keys lie beside <code>${escapeHtml(of.envFile)}</code>, readable by you alone.</p>
<p><a class="button" href="${escapeHtml(of.installUrl)}">Install it on your repository</a></p>
<p>Then run <code>weighbridge serve</code>.</p>`,
  )
}

/** What went wrong, and the way out; `again` is the path of the first page, null where going on is better. */
export function failedPage(because: string, again: string | null): string {
  const link = again === null ? '' : `<p><a href="${escapeHtml(again)}">Begin again</a></p>`
  return html('Not registered', `<p>${escapeHtml(because)}</p>${link}`)
}
