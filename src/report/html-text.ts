/** Text as HTML text or attribute: nothing in it can become markup, and no character reorders the rest. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
    .replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`)
}
