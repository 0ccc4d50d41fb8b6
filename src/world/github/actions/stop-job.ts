import type { JobAnnotation, StopReason, WorkflowJob } from '../github-state.ts'

/** What GitHub writes at a job that was stopped, and how the job ends. */
export function endOfStopped(
  job: WorkflowJob,
  reason: StopReason,
): { readonly conclusion: 'cancelled' | 'failure'; readonly annotations: readonly JobAnnotation[] } {
  const says = (...messages: readonly string[]) =>
    messages.map((message) => ({ annotation_level: 'failure' as const, message }))
  switch (reason) {
    case 'cancelled':
      return { conclusion: 'cancelled', annotations: says('The operation was canceled.') }
    case 'timed out':
      return {
        conclusion: 'cancelled',
        annotations: says(
          `The job running on runner ${job.runner?.name} has exceeded the maximum execution time of ${job.timeoutMs / 60_000} minutes.`,
          'The operation was canceled.',
        ),
      }
    case 'preempted':
      return {
        conclusion: 'failure',
        annotations: says(
          'The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.',
          'Process completed with exit code 143.',
        ),
      }
    case 'lost':
      return {
        conclusion: 'failure',
        annotations: says(
          `The self-hosted runner: ${job.runner?.name} lost communication with the server. Verify the machine is running and has a healthy network connection. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its network access can cause this error.`,
        ),
      }
  }
}
