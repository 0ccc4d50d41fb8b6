import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFile } from '../../../src/registry/file-kind.ts'
import { modelKind } from '../../../src/registry/file-kinds.ts'
import { checkProposal } from '../../../src/training/check-proposal.ts'
import type { TrainRequest } from '../../../src/training/training-request.ts'
import { LAUNCH, scratch, typesHere } from '../../cli/terminal-user.ts'
import { rescored } from '../../support/trained-model.ts'

const PYTHON = '/usr/bin/python3'
const hasTorch = works()
if (!hasTorch)
  console.warn('PyTorch is not here: the example is not trained. apt-get install python3-torch python3-onnx')

const CORRELATION = 'wb-0123456789abcdef0123'
const CHECKPOINTS = `file:.weighbridge/store/adult/checkpoints/${CORRELATION}/`

let folder: string
let sha: string

function works(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import torch, onnx'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function request(epochs: number, attempt = 1): TrainRequest {
  const parameters = { learning_rate: 0.01, epochs, hidden: 16, weight_decay: 0.0001, batch_size: 256 }
  return {
    format: 1,
    command: 'train',
    correlation: CORRELATION,
    attempt,
    model: 'adult',
    sha,
    runner: 'ubuntu-latest',
    limit_minutes: 60,
    checkpoints: CHECKPOINTS,
    parameters,
    seed: 11,
    resume_from: null,
  }
}

interface Trained {
  readonly code: number | null
  readonly out: string
}

/** Runs the training of the example; told to stop when it has said a text. */
function trains(name: string, asked: unknown, more: readonly string[], stopAt?: string): Promise<Trained> {
  writeFileSync(join(folder, 'request.json'), JSON.stringify(asked))
  const args = ['training/train.py', '--request', 'request.json', '--out', name, ...more]
  const env = { ...process.env, PATH: `${join(folder, '..bin')}:${process.env.PATH}`, PYTHONWARNINGS: 'ignore' }
  const child = spawn(PYTHON, args, { cwd: folder, env })
  let out = ''
  const heard = (chunk: Buffer) => {
    out += chunk.toString()
    if (stopAt !== undefined && out.includes(stopAt)) child.kill('SIGTERM')
  }
  child.stdout.on('data', heard)
  child.stderr.on('data', heard)
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })))
}

const model = (name: string) => readFileSync(join(folder, name, 'model.onnx'))

describe.skipIf(!hasTorch)('the example, trained', () => {
  let interrupted: Trained
  let epochs: number

  beforeAll(async () => {
    folder = scratch()
    await typesHere(['init', '--example'], folder)
    sha = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' }).trim()
    mkdirSync(join(folder, '..bin'))
    const launcher = join(folder, '..bin/weighbridge')
    writeFileSync(launcher, `#!/bin/sh\nexec "${process.execPath}" "${LAUNCH}" "$@"\n`)
    chmodSync(launcher, 0o755)
    interrupted = await trains('interrupted', request(200), ['--checkpoints', CHECKPOINTS], 'epoch 1/200')
    epochs = Number([...interrupted.out.matchAll(/^epoch (\d+)\/200/gm)].at(-1)?.[1]) + 2
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('told to stop, it keeps a checkpoint in the store, says that it was interrupted, and exits 75', async () => {
    const last = `epoch-${String(epochs - 2).padStart(5, '0')}-attempt-01.pt`

    expect(interrupted.code, interrupted.out).toBe(75)
    expect(interrupted.out).toContain('::error title=weighbridge-preempted::')
    expect(interrupted.out).toContain(`${CHECKPOINTS}${last} saved`)
    const load = ['checkpoint', 'load', '--from', CHECKPOINTS + last, '--to', 'checkpoint.pt']
    expect(await typesHere(load, folder)).toMatchObject({ code: 0 })
  })

  test('the next attempt goes on from there, and its model is that of an uninterrupted run, byte for byte', async () => {
    const trial = { trial: 3, parameters: request(epochs).parameters, seed: 11, resume_from: null }

    const resumed = await trains('resumed', request(epochs, 2), ['--resume', 'checkpoint.pt'])
    const whole = await trains('whole', { ...request(1), command: 'tune', trials: [trial] }, ['--trial', '3'])

    expect(resumed.out).toContain(`going on after epoch ${epochs - 2}`)
    expect([resumed.code, whole.code], resumed.out + whole.out).toEqual([0, 0])
    expect(model('resumed').equals(model('whole'))).toBe(true)
  })

  test('our runner scores the exported model as PyTorch did, to 1e-6', async () => {
    const { scores, furthest, problems } = await rescored(join(folder, 'resumed'))

    expect(scores).toHaveLength(3180)
    expect(furthest).toBeLessThan(1e-6)
    expect(problems).toEqual([])
  })

  test('what register makes of it is a proposal that the app finds sound', async () => {
    const asked = request(epochs, 2)
    const given = ['--model', 'adult', '--artifact', 'resumed/model.onnx', '--reference', 'data/adult-train.csv']
    const measured = ['--validation', 'resumed/validation.csv', '--metrics', 'resumed/metrics.json']

    const { code, err } = await typesHere(
      ['register', ...given, ...measured, '--request', JSON.stringify(asked)],
      folder,
    )

    expect({ code, err }).toEqual({ code: 0, err: '' })
    const proposal = JSON.parse(readFileSync(join(folder, 'proposal.json'), 'utf8'))
    const reading = readFile(
      modelKind,
      'models/adult/model.yml',
      readFileSync(join(folder, 'models/adult/model.yml'), 'utf8'),
    )
    if (!reading.ok) throw new Error('model.yml cannot be read')
    const verdict = checkProposal(proposal, {
      request: asked,
      run: { id: 7, workflow: 'train.yml' },
      trial: null,
      model: reading.value,
      store: { artifacts: 'file:.weighbridge/store' },
      exam: reading.value.evaluation?.data.digest ?? null,
      versions: { parent: null, taken: ['1.0.0'] },
      recorded: new Map(),
    })
    expect(verdict).toMatchObject({ is: 'sound', record: { training: { commit: sha, seed: 11 } } })
    expect(proposal.checkpoint).toMatch(/epoch-\d{5}-attempt-01\.pt$/)
    expect(proposal.validation).toMatchObject({ data: { rows: 3180 } })
  })
})
