import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gpuName } from '../../adapters/machine/gpu-name.ts'
import type { VersionRecord } from '../../registry/record.ts'
import { type Complaints, Wrong } from './complaints.ts'
import { hashedFile } from './given-file.ts'
import type { RegisterAsk } from './registration.ts'
import type { TrainingReport } from './training-report.ts'

type Training = NonNullable<VersionRecord['training']>

/** Files that pin what is installed, the strictest first. */
const LOCKFILES = [
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'Pipfile.lock',
  'conda-lock.yml',
  'pixi.lock',
  'requirements.lock',
  'requirements.txt',
  'training/requirements.txt',
]
const NAMES = ['image', 'lockfile']

/** The container image and the lockfile of a training, both by digest. */
export async function trainingEnvironment(
  given: readonly string[],
  { root, pathOf }: { readonly root: string; readonly pathOf: (path: string) => string },
  complaints: Complaints,
): Promise<Training['environment']> {
  const named = new Map<string, string>()
  for (const one of given) {
    const [, name = '', value = ''] = /^([^=]+)=(.+)$/s.exec(one) ?? []
    if (NAMES.includes(name)) named.set(name, value)
    else
      complaints.say(`--environment ${one}`, 'names neither image nor lockfile', 'Write lockfile=uv.lock, for example.')
  }
  const image = named.get('image') ?? (process.env.WEIGHBRIDGE_IMAGE || undefined)
  if (image !== undefined && !/@sha256:[0-9a-f]{64}$/.test(image))
    complaints.say(
      `--environment image=${image}`,
      'is not named by its digest, and a tag can be moved',
      'Write ghcr.io/acme/train@sha256:....',
    )
  const found = LOCKFILES.map((name) => join(root, name)).find((path) => existsSync(path))
  const asked = named.get('lockfile')
  const path = asked === undefined ? found : pathOf(asked)
  const lockfile = path === undefined ? null : await lockedBy(path, root, complaints)
  if (image === undefined && lockfile === null) return undefined
  return { ...(image !== undefined && { image }), ...lockfile }
}

async function lockedBy(
  path: string,
  root: string,
  complaints: Complaints,
): Promise<{ readonly lockfile: string; readonly digest: string } | null> {
  return complaints.tried(`--environment lockfile=${path}`, async () => {
    const lockfile = relative(root, path)
    if (lockfile.startsWith('..')) throw new Wrong('lies outside the repository', 'Commit it, and name it there.')
    return { lockfile, digest: (await hashedFile(path)).digest }
  })
}

/** GPU, seconds and cost: what was given goes before what the training said, and that before what the driver says. */
export async function trainingCompute(
  ask: Pick<RegisterAsk, 'gpu' | 'gpuSeconds' | 'costUsd'>,
  report: TrainingReport['compute'],
  complaints: Complaints,
): Promise<Training['compute']> {
  const number = (option: string, text: string | null): number | undefined => {
    if (text === null) return undefined
    const value = Number(text)
    if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
    complaints.say(`--${option} ${text}`, 'is no number of 0 or more', 'Write it as 1840, for example.')
    return undefined
  }
  const gpu_seconds = number('gpu-seconds', ask.gpuSeconds) ?? report?.gpu_seconds
  const cost_usd = number('cost-usd', ask.costUsd) ?? report?.cost_usd
  const gpu = ask.gpu ?? report?.gpu ?? (report === undefined || (gpu_seconds ?? 0) > 0 ? await gpuName() : null)
  if (gpu === null && gpu_seconds === undefined && cost_usd === undefined) return undefined
  return {
    ...(gpu !== null && { gpu }),
    ...(gpu_seconds !== undefined && { gpu_seconds }),
    ...(cost_usd !== undefined && { cost_usd }),
  }
}
