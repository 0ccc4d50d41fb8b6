import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addPath } from '@actions/core'
import type { AskedCommand } from './asked-command.ts'
import type { StepAnswer } from './step-answer.ts'
import type { StepContext } from './step-context.ts'

/** Beside us in a checkout; in a built package two folders up. */
const LAUNCHER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../launch.js' : '../../../src/launch.js', import.meta.url),
)

/** Leaves `weighbridge` on the PATH of later steps, with the Node that runs now. */
export async function run(_asked: AskedCommand, step: StepContext): Promise<StepAnswer> {
  const folder = mkdtempSync(join(step.env.RUNNER_TEMP ?? tmpdir(), 'weighbridge-bin-'))
  writeLauncher(folder, process.platform === 'win32')
  addPath(folder)
  const because = 'weighbridge is on the PATH of the steps that follow.'
  return { status: 'answered', because, outputs: {}, summary: '', annotations: [] }
}

function writeLauncher(folder: string, isWindows: boolean): void {
  if (isWindows) writeFileSync(join(folder, 'weighbridge.cmd'), `@"${process.execPath}" "${LAUNCHER}" %*\r\n`)
  // a shell of Windows runners reads this one too
  const path = join(folder, 'weighbridge')
  writeFileSync(path, `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(LAUNCHER)} "$@"\n`)
  chmodSync(path, 0o755)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
