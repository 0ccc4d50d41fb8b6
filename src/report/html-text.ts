import { plain } from './plain-text.ts'

/** Text as HTML text or attribute: nothing in it can become markup, and no character reorders the rest. */
export function escapeHtml(text: string, longest = 4000): string {
  return plain(text, longest).replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`)
}

/** A whole page: its title, a style sheet of its own, no script, nothing from elsewhere. */
export function pageOf(title: string, style: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${escapeHtml(title, 200)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}
