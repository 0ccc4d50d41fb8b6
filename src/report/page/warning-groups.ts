import { listText } from '../../gates/number-text.ts'
import type { PageWarning } from './page.ts'

/** Warnings of one code. */
export interface WarningGroup {
  readonly code: string
  readonly messages: readonly string[]
  /** Whom the rest concerns, where there are more than are shown; empty otherwise. */
  readonly more: string
}

const MOST_MESSAGES = 3
const MOST_GROUPS = 40

/**
 * Warnings by code, in the order of their first; of many alike the first few in full, of the rest the columns.
 *
 * @example warningGroups([{ code: 'short', message: 'few rows' }]) // => [{ code: 'short', messages: ['few rows'], more: '' }]
 */
export function warningGroups(warnings: readonly PageWarning[]): readonly WarningGroup[] {
  const byCode = Map.groupBy(warnings, ({ code }) => code)
  return [...byCode].slice(0, MOST_GROUPS).map(([code, all]) => {
    const distinct = [...new Map(all.map((one) => [messageOf(one), one])).entries()]
    const shown = distinct.length > MOST_MESSAGES + 1 ? MOST_MESSAGES : distinct.length
    return {
      code,
      messages: distinct.slice(0, shown).map(([message]) => message),
      more: restOf(distinct.slice(shown).map(([, one]) => one)),
    }
  })
}

/** The message, with the column before it where it does not name it. */
function messageOf({ column, message }: PageWarning): string {
  const isNamed = column === undefined || message.split(/[\s,;:()"]+/).includes(column) || message.startsWith(column)
  return isNamed ? message : `${column}: ${message}`
}

function restOf(rest: readonly PageWarning[]): string {
  if (rest.length === 0) return ''
  const columns = [...new Set(rest.flatMap(({ column }) => (column === undefined ? [] : [column])))]
  const said = `and ${rest.length} more`
  return columns.length === 0 ? said : `${said}: ${listText(columns)}`
}
