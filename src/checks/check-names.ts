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

const HOW_TO_WAIVE: CheckButton = {
  label: 'How to waive',
  description: 'Who may waive this, and the line for it',
  identifier: 'how-to-waive',
}

/**
 * Buttons are the same for every reader, and carry no text: who pressed one is authorised like a command.
 *
 * @param isWaivable  whether something holds that the policy lets somebody waive
 */
export function buttonsFor(isWaivable: boolean): readonly CheckButton[] {
  return isWaivable ? [WEIGH_AGAIN, HOW_TO_WAIVE] : [WEIGH_AGAIN]
}

const TRAINING = `${ROLL_UP} / training `

/** The check that follows a training or a search, on the commit that it was asked for at. */
export function trainingCheckName(model: string, correlation: string): string {
  return `${TRAINING}${model} ${correlation}`
}

/** Whether a check of ours tells of a training: no weighing has a word in it. */
export function isTrainingName(name: string): boolean {
  return name.startsWith(TRAINING)
}
