import { escapeMarkdown } from '../../report/markdown-text.ts'
import type { RunMeaning } from '../../training/run-verdict.ts'
import { spokenSeconds } from '../../training/spoken-time.ts'
import type { TrainingRequest } from '../../training/training-request.ts'
import type { Progress } from './training-job.ts'
import type { StopWish } from './training-memory.ts'

/** A run that no GPU works on yet. */
export function queuedProgress(because: string, url: string | null): Progress {
  return { is: 'running', headline: `queued: ${because}`, details: runLine(url) }
}

/** A run at work. */
export function runningProgress(
  meaning: Extract<RunMeaning, { is: 'running' }>,
  request: TrainingRequest,
  url: string,
): Progress {
  const { step, elapsedSeconds, jobs } = meaning
  const lasted = spokenSeconds(elapsedSeconds)
  const headline =
    request.command === 'train'
      ? `running for ${lasted}${step === null ? '' : `, at ${step}`}`
      : `running: ${jobs.ended} of ${request.trials.length} trials have ended, ${jobs.running} at work, the longest for ${lasted}`
  return { is: 'running', headline, details: runLine(url) }
}

/** A run that is asked to end. */
export function stoppingProgress({ says }: StopWish, url: string | null): Progress {
  return { is: 'running', headline: `ending: ${says}`, details: runLine(url) }
}

/** A link to a run; GitHub's own address of it. */
export function runLine(url: string | null): readonly string[] {
  return url === null || !/^https?:\/\/[\w./:-]+$/.test(url) ? [] : [`[The run](${url})`]
}

/** A progress as the answer and the check show it. */
export function progressText({ headline, details }: Progress): string {
  return [`**${escapeMarkdown(capital(headline))}**`, ...details].join('\n\n')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
