import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { writeFiles } from '../../../src/adapters/checkout/new-repository.ts'
import { registryFiles, storeFiles } from '../../../src/demo/adult-registry.ts'
import { appManifest } from '../../../src/demo/app-in-world.ts'
import { realClock } from '../../../src/world/clock.ts'
import { openWorld } from '../../../src/world/world.ts'
import { realProcess } from './real-process.ts'
import type { Tale } from './swept-app.ts'

/** A real process in a world on ports by the real clock, with one repository; it ends with the test. */
export async function realPlace(tale: Tale) {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-kill-'))
  const [home, fileRoot] = [join(folder, 'home'), join(folder, 'files')]
  const world = await openWorld({ app: appManifest(), clock: realClock, courier: { deliver: async () => 202 } })
  await world.user('dana')
  const example = Object.fromEntries((await registryFiles()).map(({ path, content }) => [path, content]))
  const repository = await world.repository('acme/risk', { files: { ...example, ...tale.files } })
  await tale.prepared?.(repository)
  await writeFiles(join(fileRoot, 'acme', 'risk'), await storeFiles())
  await world.settles()
  const app = await realProcess({ world, home, fileRoot })
  onTestFinished(async () => {
    await app.kill()
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { world, repository, app, home }
}

/** @param said  what a test that waited in vain shows */
export async function until(isSo: () => boolean, said: () => string, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`it did not end:\n${said().slice(-6000)}`)
    await pause(100)
  }
}

/** Nothing has been asked for two seconds. */
export async function quiet(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count()
    await pause(2000)
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
