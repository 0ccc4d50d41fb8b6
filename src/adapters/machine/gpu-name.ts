import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Name of the first GPU, as the driver has it, `NVIDIA H200`; null where there is none, or no driver. */
export async function gpuName(): Promise<string | null> {
  try {
    const { stdout } = await run('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { timeout: 10_000 })
    return stdout.split('\n')[0]?.trim() || null
  } catch {
    return null
  }
}
