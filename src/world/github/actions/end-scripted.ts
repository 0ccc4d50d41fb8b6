import type { GitHub, JobAnnotation, WorkflowJob } from '../github-state.ts'
import { storeArtifact } from './artifacts.ts'
import { endJob } from './change-job.ts'

/** A scripted job leaves what its script says. */
export async function endScripted(github: GitHub, job: WorkflowJob): Promise<void> {
  const { conclusion = 'success', outputs = {}, log = '', steps = [], artifacts = {}, annotations } = job.script ?? {}
  for (const [name, files] of Object.entries(artifacts)) {
    const bytes = Object.entries(files).map(([path, content]) => [path, Buffer.from(content as string)] as const)
    storeArtifact(github, { run: job.run, name, files: new Map(bytes) })
  }
  const now = github.clock.now()
  const done = job.steps.map((step, index) => {
    const said = steps[index]?.conclusion ?? (index === job.steps.length - 1 ? conclusion : 'success')
    return {
      ...step,
      status: 'completed' as const,
      conclusion: said,
      startedAt: step.startedAt ?? now,
      completedAt: now,
    }
  })
  const exit: readonly JobAnnotation[] = [
    { annotation_level: 'failure', message: 'Process completed with exit code 1.' },
  ]
  await endJob(github, job.id, {
    conclusion,
    annotations: annotations ?? (conclusion === 'failure' ? exit : []),
    change: { outputs, log, steps: done },
  })
}
