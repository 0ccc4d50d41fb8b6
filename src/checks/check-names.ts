import type { CheckButton } from '../ports/check-run.ts'

/** The check that branch protection requires; it holds every gate without one of its own. */
export const ROLL_UP = 'weighbridge'

/** The name of a gate's own check. */
export function gateCheckName(gate: string): string {
  return `${ROLL_UP} / ${gate}`
}

/** Whether a check of ours bears a name that we give. */
export function isOwnName(name: string): boolean {
  return name === ROLL_UP || name.startsWith(`${ROLL_UP} / `)
}

export const WEIGH_AGAIN: CheckButton = {
  label: 'Weigh again',
  description: 'Judge what is so now once more',
  identifier: 'weigh-again',
}

/** Buttons are the same for every reader, and carry no text: who pressed one is authorised like a command. */
export const BUTTONS: readonly CheckButton[] = [WEIGH_AGAIN]
