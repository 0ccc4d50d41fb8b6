import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this test run: evidence that one story has computed is there for all others. */
    readonly storyGround: string
  }
}

/** Containers often have 64 MB there. */
const ENOUGH_BYTES = 512 * 1024 * 1024

/** Memory where the machine has a folder of it: nothing of a story need survive, and waiting for disks takes half of its time. */
function quickFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK)
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > ENOUGH_BYTES ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}

export default function setup(project: TestProject): () => void {
  const ground = mkdtempSync(join(quickFolder(), 'weighbridge-stories-'))
  project.provide('storyGround', ground)
  return () => rmSync(ground, { recursive: true, force: true, maxRetries: 3 })
}
