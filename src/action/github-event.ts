import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { InvalidCommand } from '../cli/command.ts'

const sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
const commit = z.object({ sha })

const EVENTS = {
  pull_request: z.object({ pull_request: z.object({ number: z.int(), base: commit, head: commit }) }),
  push: z.object({ before: sha, after: sha }),
  merge_group: z.object({ merge_group: z.object({ base_sha: sha, head_sha: sha }) }),
} as const

/** The two commits that the event of a run is about. */
export interface EventCommits {
  readonly base: string
  readonly head: string
}

/** null for an event that names none, such as `workflow_dispatch`, or a push of a new branch. */
export function commitsOfEvent(env: NodeJS.ProcessEnv): EventCommits | null {
  switch (env.GITHUB_EVENT_NAME) {
    case 'pull_request':
    case 'pull_request_target': {
      const { pull_request: pull } = payload(env, EVENTS.pull_request)
      return { base: pull.base.sha, head: pull.head.sha }
    }
    case 'push': {
      const { before, after } = payload(env, EVENTS.push)
      return /^0+$/.test(before) || /^0+$/.test(after) ? null : { base: before, head: after }
    }
    case 'merge_group': {
      const { merge_group: group } = payload(env, EVENTS.merge_group)
      return { base: group.base_sha, head: group.head_sha }
    }
    default:
      return null
  }
}

function payload<Shape>(env: NodeJS.ProcessEnv, schema: z.ZodType<Shape>): Shape {
  const read = schema.safeParse(readJson(env.GITHUB_EVENT_PATH ?? ''))
  if (read.success) return read.data
  throw new InvalidCommand(
    `the payload of the event ${env.GITHUB_EVENT_NAME} names no commits`,
    'Give the commits by the inputs base and head.',
  )
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}
