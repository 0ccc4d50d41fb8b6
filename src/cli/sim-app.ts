import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openJobFolder } from '../adapters/job-folder.ts'
import { appInWorld, courierTo } from '../demo/app-in-world.ts'
import type { CheckDocument } from '../report/check-document.ts'
import type { OpenBot, SimPlace } from '../world/sim/sim-bot.ts'

const SETTLES_WITHIN_MS = 60_000

/** The app itself in a simulation: its own folder for the time, the user's checkout as its files. */
export const openSimApp: OpenBot = async (place) => {
  const home = openJobFolder()
  const verdicts = new Map<number, CheckDocument['verdict']>()
  const app = appInWorld(
    { ...place, home: home.path },
    {
      settings: { fileRoot: fileRoot(home.path, place) },
      onWeighed: ({ pull, document }) => void verdicts.set(pull, document.verdict),
    },
  )
  await app.start()
  return {
    courier: courierTo(() => app),
    settle: () => place.clock.settle({ withinMs: SETTLES_WITHIN_MS }),
    gates: async (pull) => gatesOf(verdicts.get(pull)),
    close: async () => {
      await app.stop(0)
      home.close()
    },
  }
}

function gatesOf(verdict: CheckDocument['verdict'] | undefined): Readonly<Record<string, string>> | null {
  if (verdict === undefined) return null
  return Object.fromEntries(verdict.children.map(({ gate, status }) => [gate, status]))
}

/** A folder in which the repository's own is the user's checkout. */
function fileRoot(home: string, { checkout, repository }: SimPlace): string {
  const root = join(home, 'files-root')
  const link = join(root, repository.toLowerCase())
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(checkout, link)
  return root
}
