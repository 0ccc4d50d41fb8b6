import type { Authorization } from '../../commands/authorize.ts'
import type { ToldProblem } from '../../commands/read-line.ts'
import type { ModelScope } from '../../ledger/fact.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'

/** What was wrong with a line, where, and how it is written. */
export function problemText({ at, message, didYouMean, usage }: ToldProblem): string {
  const near = didYouMean === undefined ? '' : ` Did you mean ${escapeMarkdown(didYouMean)}?`
  return `Not done, at character ${at}: ${escapeMarkdown(message)}.${near}\n\nUsage: ${escapeMarkdown(usage)}`
}

/** Why somebody may not, and what it takes. */
export function deniedText({ because, takes, add }: Extract<Authorization, { readonly is: 'denied' }>): string {
  const lines =
    add === null ? '' : `\n\nTo define it, add to \`.github/weighbridge.yml\`:\n\n\`\`\`yaml\n${add}\n\`\`\``
  return `Not done: ${escapeMarkdown(because)}. It takes ${escapeMarkdown(takes)}.${lines}`
}

/** How many promotions an answer names. */
const MOST_NAMED = 10

/** `churn in production and fraud in staging` */
export function promotionsText(promotions: readonly ModelScope[]): string {
  const named = promotions.slice(0, MOST_NAMED).map(({ model, environment }) => `${model} in ${environment}`)
  const more = promotions.length > MOST_NAMED ? [`${promotions.length - MOST_NAMED} more`] : []
  return escapeMarkdown([...named, ...more].join(', ').replace(/, (?=[^,]*$)/, ' and '))
}

/** A moment that is none any more. */
export function overText(until: string): string {
  return `Not done: ${escapeMarkdown(until)} is over, or no moment. Write a day (\`2026-12-01\`), a moment with its zone (\`2026-12-01T18:00Z\`) or how long from now (\`48h\`).`
}

/** What looks like a person, an account number or a telephone number. */
const PERSONAL = /[\w.+-]+@[\w-]+\.\w|\b[A-Z]{2}\d{2}(?: ?[\dA-Z]{4}){3,}|(?:\+|\b)\d[\d ()/.-]{7,}\d\b/

/** A warning where a reason looks as though it named somebody: it stands in the ledger, and nothing there is deleted. */
export function personalText(reason: string): string {
  if (!PERSONAL.test(reason)) return ''
  return '\n\nWarning: the reason looks as though it holds personal data (an address, a number). It stands in the ledger now, which keeps it; name no person or customer there.'
}
