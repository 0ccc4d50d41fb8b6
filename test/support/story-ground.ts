import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this test run: evidence that one story has computed is there for all others. */
    readonly storyGround: string
  }
}

const MEMORY = '/dev/shm'
/** Containers often have 64 MB there. */
const ENOUGH_BYTES = 4 * 1024 ** 3

/**
 * One folder for all temporary files of the run, which goes at its end. In memory where the machine has room for it: no
 * byte need survive a loss of power, and waiting for disks takes a tenth of the time.
 */
export default function setup(project: TestProject): () => void {
  const ground = groundIn(MEMORY) ?? mkdtempSync(join(tmpdir(), 'weighbridge-tests-'))
  const [stories, temporary] = [join(ground, 'stories'), join(ground, 'tmp')]
  for (const folder of [stories, temporary]) mkdirSync(folder)
  // the processes of the tests are started with it
  process.env.TMPDIR = temporary
  project.provide('storyGround', stories)
  return () => rmSync(ground, { recursive: true, force: true, maxRetries: 3 })
}

/** null: there is no such disk, too little room on it, or nothing on it may be executed. */
function groundIn(disk: string): string | null {
  try {
    const { bavail, bsize } = statfsSync(disk)
    if (bavail * bsize < ENOUGH_BYTES) return null
    const ground = mkdtempSync(join(disk, 'weighbridge-tests-'))
    if (canExecute(ground)) return ground
    rmSync(ground, { recursive: true, force: true })
  } catch {
    // not on this system
  }
  return null
}

function canExecute(folder: string): boolean {
  const script = join(folder, 'executed')
  writeFileSync(script, '#!/bin/sh\n', { mode: 0o755 })
  return spawnSync(script).status === 0
}
