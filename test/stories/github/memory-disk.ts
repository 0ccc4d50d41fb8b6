import { existsSync, statfsSync } from 'node:fs'

const MEMORY = '/dev/shm'
const ENOUGH_BYTES = 256 * 1024 * 1024

/**
 * Temporary folders of this test file lie in memory where the system has such a disk: nothing here is killed for real, so
 * no byte must survive, and waiting for a disk is what costs most.
 */
function useMemory(): void {
  if (!existsSync(MEMORY)) return
  const { bavail, bsize } = statfsSync(MEMORY)
  if (bavail * bsize > ENOUGH_BYTES) process.env.TMPDIR = MEMORY
}

useMemory()
