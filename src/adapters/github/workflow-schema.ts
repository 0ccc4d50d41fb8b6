import { z } from 'zod'
import type { JobAnnotation, JobNow, RunArtifact, RunConclusion, RunNow } from '../../ports/workflow-run.ts'
import { userSchema } from './account.ts'
import { oidSchema } from './side.ts'

const CONCLUSIONS: readonly RunConclusion[] = ['success', 'failure', 'cancelled', 'timed_out', 'skipped']

/** Everything before it runs is queued: waiting for a runner, for a person, for another run. */
const statusSchema = z
  .string()
  .transform((said): RunNow['status'] => (said === 'completed' || said === 'in_progress' ? said : 'queued'))
const saidSchema = z.string().nullish()

/** What is not over has no end; an end that we have no word for is none of the good ones. */
function conclusionOf(status: RunNow['status'], said: string | null | undefined): RunConclusion | null {
  return status === 'completed' ? (CONCLUSIONS.find((one) => one === said) ?? 'other') : null
}

export const runSchema = z
  .object({
    id: z.int().positive(),
    run_attempt: z.int().positive().default(1),
    event: z.string(),
    path: z.string(),
    display_title: z.string(),
    head_sha: oidSchema,
    head_branch: z.string().nullable(),
    actor: userSchema.nullish(),
    triggering_actor: userSchema.nullish(),
    status: statusSchema,
    conclusion: saidSchema,
    created_at: z.string(),
    html_url: z.url(),
  })
  .transform(
    (read): RunNow => ({
      id: read.id,
      attempt: read.run_attempt,
      event: read.event,
      path: read.path.replace(/@.*$/, ''),
      title: read.display_title,
      headSha: read.head_sha,
      headBranch: read.head_branch,
      actor: read.actor ?? null,
      triggeringActor: read.triggering_actor ?? null,
      status: read.status,
      conclusion: conclusionOf(read.status, read.conclusion),
      createdAt: read.created_at,
      url: read.html_url,
    }),
  )

const stepSchema = z
  .object({ number: z.int(), name: z.string(), status: statusSchema, conclusion: saidSchema })
  .transform(({ number, name, status, conclusion }) => ({
    number,
    name,
    status,
    conclusion: conclusionOf(status, conclusion),
  }))

export const jobSchema = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    status: statusSchema,
    conclusion: saidSchema,
    started_at: z.string().nullish(),
    completed_at: z.string().nullish(),
    labels: z.array(z.string()),
    html_url: z.string().nullable(),
    steps: z.array(stepSchema).nullish(),
  })
  .transform(
    (read): JobNow => ({
      id: read.id,
      name: read.name,
      status: read.status,
      conclusion: conclusionOf(read.status, read.conclusion),
      // a job that waits says when it began to
      startedAt: read.status === 'queued' ? null : (read.started_at ?? null),
      completedAt: read.status === 'completed' ? (read.completed_at ?? null) : null,
      labels: read.labels,
      url: read.html_url ?? '',
      steps: read.steps ?? [],
    }),
  )

export const annotationSchema = z
  .object({
    annotation_level: z.string().nullable(),
    title: z.string().nullable(),
    message: z.string().nullable(),
  })
  .transform(
    ({ annotation_level: level, title, message }): JobAnnotation => ({
      level: level === 'notice' || level === 'warning' ? level : 'failure',
      title: title === '' ? null : title,
      message: message ?? '',
    }),
  )

export const artifactSchema = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    size_in_bytes: z.int().nonnegative(),
    digest: z.string().nullish(),
    expired: z.boolean(),
  })
  .transform(
    ({ id, name, size_in_bytes: sizeBytes, digest, expired: isExpired }): RunArtifact => ({
      id,
      name,
      sizeBytes,
      digest: digest ?? null,
      isExpired,
    }),
  )
