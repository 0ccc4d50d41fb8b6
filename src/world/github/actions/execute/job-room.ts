import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { GitHub, WorkflowJob, WorkflowRun, WorldRunner } from '../../github-state.ts'
import { repositoryOf } from '../../state/find.ts'
import { type Contexts, evaluateText } from '../evaluate.ts'
import { githubContext, jobsOfRun, needsContext, runContexts } from '../run-contexts.ts'
import { jobsOf, needsOf, type WorkflowFile } from '../workflow-file.ts'
import { mapOf, type WrittenMap } from '../written.ts'
import type { JobLog } from './job-log.ts'
import type { StopSignal } from './stop-signal.ts'

/** What is done when the job's own steps are over, the last one first. */
export interface PostStep {
  readonly name: string
  readonly run: () => Promise<void>
}

/** Where a job runs, and what it has. */
export interface JobRoom {
  readonly github: GitHub
  readonly run: WorkflowRun
  readonly job: WorkflowJob
  readonly runner: WorldRunner
  readonly written: WrittenMap
  readonly defaults: WrittenMap
  readonly folders: Folders
  readonly log: JobLog
  readonly stop: StopSignal
  readonly token: string
  /** Everything but `env`, `steps` and `job`, which change from step to step. */
  readonly contexts: Contexts
  /** What every process gets. */
  readonly base: Readonly<Record<string, string>>
  /** `env:` of the workflow and the job, and what steps wrote to GITHUB_ENV. */
  readonly env: Map<string, string>
  /** What steps wrote to GITHUB_PATH, the newest first. */
  readonly paths: string[]
  readonly posts: PostStep[]
  readonly summaries: string[]
}

export interface Folders {
  readonly root: string
  readonly home: string
  readonly workspace: string
  readonly temp: string
  readonly tools: string
  readonly actions: string
}

export function makeFolders(root: string, repository: string): Folders {
  const folders = {
    root,
    home: join(root, 'home'),
    workspace: join(root, 'work', repository, repository),
    temp: join(root, 'work', '_temp'),
    tools: join(root, 'tools'),
    actions: join(root, 'work', '_actions'),
  }
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true })
  return folders
}

export interface RoomInput {
  readonly github: GitHub
  readonly run: WorkflowRun
  readonly job: WorkflowJob
  readonly file: WorkflowFile
  readonly runner: WorldRunner
  readonly root: string
  readonly token: string
  readonly log: JobLog
  readonly stop: StopSignal
  /** By this the job's processes are found when it is over; two worlds of one machine may count alike. */
  readonly mark: string
}

/** Where the Node is that runs the world, then what every machine has. */
const PATH = [dirname(process.execPath), '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

export function openRoom(input: RoomInput): JobRoom {
  const { github, run, job, file, token } = input
  const folders = makeFolders(input.root, repositoryOf(github.state, run.repository).name)
  const written = jobsOf(file)[job.key] ?? {}
  const contexts = contextsOf(input, folders, written)
  const room: JobRoom = {
    ...input,
    token,
    written,
    defaults: { ...mapOf(mapOf(file.written.defaults).run), ...mapOf(mapOf(written.defaults).run) },
    folders,
    contexts,
    base: baseEnvironment(input, folders, contexts),
    env: new Map(),
    paths: [],
    posts: [],
    summaries: [],
  }
  for (const level of [file.written.env, written.env])
    for (const [name, value] of Object.entries(mapOf(level))) {
      const standing = { hasFailed: false, isCancelled: false }
      room.env.set(
        name,
        evaluateText(value, { contexts: { ...contexts, env: Object.fromEntries(room.env) }, standing }),
      )
    }
  return room
}

/** A fork's run sees no secret but its own token, which only reads. */
function contextsOf(input: RoomInput, folders: Folders, written: WrittenMap): Contexts {
  const { github, run, job, runner, token } = input
  const secrets = run.isFromFork ? {} : (github.state.secrets.get(run.repository) ?? {})
  for (const secret of Object.values(secrets)) input.log.mask(secret)
  return {
    ...runContexts(github, run),
    github: {
      ...githubContext(github, run),
      job: job.key,
      token,
      workspace: folders.workspace,
      event_path: join(folders.temp, 'event.json'),
    },
    secrets: { ...secrets, GITHUB_TOKEN: token, github_token: token },
    needs: needsContext(jobsOfRun(github, run), needsOf(written)),
    matrix: job.matrix ?? {},
    strategy: {
      'fail-fast': job.failFast,
      'job-index': job.index,
      'job-total': job.total,
      'max-parallel': job.maxParallel,
    },
    runner: {
      name: runner.name,
      os: 'Linux',
      arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
      temp: folders.temp,
      tool_cache: folders.tools,
      debug: '',
      environment: runner.labels.includes('self-hosted') ? 'self-hosted' : 'github-hosted',
    },
  }
}

function baseEnvironment(
  { run, runner, mark }: RoomInput,
  folders: Folders,
  contexts: Contexts,
): Readonly<Record<string, string>> {
  const github = contexts.github as Readonly<Record<string, unknown>>
  writeFileSync(join(folders.temp, 'event.json'), JSON.stringify(run.payload))
  const told = Object.entries(github).filter(
    ([name, value]) => typeof value === 'string' && !['token', 'repositoryUrl', 'secret_source'].includes(name),
  )
  return {
    ...Object.fromEntries(told.map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, String(value)])),
    GITHUB_ACTIONS: 'true',
    CI: 'true',
    HOME: folders.home,
    LANG: 'C.UTF-8',
    PATH: PATH.join(':'),
    RUNNER_NAME: runner.name,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: process.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: folders.tools,
    RUNNER_WORKSPACE: dirname(folders.workspace),
    RUNNER_ENVIRONMENT: runner.labels.includes('self-hosted') ? 'self-hosted' : 'github-hosted',
    RUNNER_TRACKING_ID: mark,
  }
}
