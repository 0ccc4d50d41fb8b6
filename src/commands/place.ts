import type { SlashCommand } from './slash-command.ts'

/** Where a comment stands, as far as it matters to a command. */
export interface Thread {
  readonly isOpen: boolean
  /** null under an issue. */
  readonly pull: { readonly isFork: boolean; readonly isGoverned: boolean } | null
}

/**
 * Why a command makes no sense where it was written; null where it does.
 *
 * @returns a sentence that says where it does
 */
export function whyNotHere({ name, place }: SlashCommand, { isOpen, pull }: Thread): string | null {
  if (place.under === 'governed' && pull === null) return `/${name} is about a pull request; write it under one`
  if (place.under === 'governed' && pull?.isGoverned === false)
    return `/${name} is about a pull request into a governed branch, and this one is not`
  if (place.openOnly && !isOpen) return `this thread is closed; write /${name} where something is open`
  if (place.noForks === true && pull?.isFork === true)
    return `/${name} is not done under a pull request from a fork; write it in an issue`
  return null
}
