import type { Conclusion } from '../ports/check-run.ts'
import { escapeMarkdown } from '../report/markdown-text.ts'
import { plain } from '../report/plain-text.ts'
import { notRequiredText } from './check-blocks.ts'
import { ROLL_UP, WEIGH_AGAIN } from './check-names.ts'
import { type CheckOrigin, type DesiredCheck, titleText, withExternalId } from './desired-check.ts'

interface Said {
  readonly name?: string
  /** null: in progress. */
  readonly conclusion: Conclusion | null
  readonly title: string
  /** Markdown. */
  readonly summary: string
}

function stated({ name = ROLL_UP, conclusion, title, summary }: Said, origin: CheckOrigin): DesiredCheck {
  return withExternalId(
    {
      name,
      status: conclusion === null ? 'in_progress' : 'completed',
      conclusion,
      title: titleText(plain(title, 400)),
      summary,
      text: null,
      annotations: [],
      buttons: [WEIGH_AGAIN],
      detailsUrl: null,
    },
    origin,
  )
}

/** The one check of a pull request that changes nothing of ours. */
export function nothingOfOurs(origin: CheckOrigin): DesiredCheck {
  const summary = '**✓ Passed.** Nothing of ours changed.'
  return stated({ conclusion: 'success', title: 'nothing of ours changed', summary }, origin)
}

/** The one check of a repository whose default branch has no configuration that can be read. */
export function notOnboarded(origin: CheckOrigin, isRequired: boolean | null): DesiredCheck {
  const summary = `${notRequiredText(isRequired)}**? Held: could not decide.** The default branch has no configuration (\`.github/weighbridge.yml\`) that can be read, so nothing can be judged. Merge one first: \`npx weighbridge init\` writes it.`
  return stated({ conclusion: 'action_required', title: 'not onboarded', summary }, origin)
}

/** The roll-up while it is weighed again, so that no old green stands meanwhile. */
export function inProgress(origin: CheckOrigin, because: string): DesiredCheck {
  const summary = `Weighing: ${escapeMarkdown(because)}`
  return stated({ conclusion: null, title: 'weighing', summary }, origin)
}

/** The roll-up of a job that was given up: never green, never left waiting. */
export function couldNotFinish(origin: CheckOrigin, because: string): DesiredCheck {
  const summary = `**✗ Held.** Weighbridge could not finish: ${escapeMarkdown(because, 'line', 1500)} Press *Weigh again* once that is mended.`
  return stated({ conclusion: 'failure', title: 'Weighbridge could not finish', summary }, origin)
}

/** A check of ours for which there is nothing to judge any more. */
export function notJudgedAnyMore(name: string, origin: CheckOrigin): DesiredCheck {
  const summary = 'This gate is not judged any more; the roll-up says what is.'
  return stated({ name, conclusion: 'success', title: 'not judged any more', summary }, origin)
}
