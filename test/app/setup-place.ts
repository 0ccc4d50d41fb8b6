import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openSetup, type Setup, type SetupOptions } from '../../src/app/setup/setup-server.ts'
import { shippedApp } from '../../src/app/setup/shipped-app.ts'
import { issueUserToken } from '../../src/world/github/acts/issue-token.ts'
import { openWorld, type World } from '../../src/world/world.ts'
import { type Browser, openBrowser } from '../support/browser.ts'

/** Somebody who is signed in at GitHub sets the app up on this machine. */
export interface SetupPlace {
  readonly world: World
  readonly setup: Setup
  readonly browser: Browser
  readonly home: string
  /** Presses both buttons: ours, then that of GitHub. */
  registers(): ReturnType<Browser['open']>
}

const PERSON = 'ada'

export async function setupPlace(options: Partial<SetupOptions> = {}): Promise<SetupPlace> {
  const world = await openWorld()
  await world.user(PERSON)
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-setup-'))
  const home = join(folder, 'home')
  const setup = await openSetup({
    app: shippedApp(),
    name: 'scales',
    organization: null,
    publicUrl: 'https://scales.example.org',
    webUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    home,
    port: 0,
    fetch: world.fetch,
    ...options,
  })
  onTestFinished(async () => {
    await setup.close()
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const browser = browserOf(world)
  const registers = async () =>
    browser.press(
      await browser.press(await browser.open(setup.url), 'Register on GitHub'),
      `Create GitHub App for ${PERSON}`,
    )
  return { world, setup, browser, home, registers }
}

/** GitHub is in the world, everything else on this machine. */
function browserOf(world: World): Browser {
  const { running, state } = world.github
  const id = [...state.accounts.values()].find((one) => one.login === PERSON)?.id ?? 0
  const send: typeof fetch = (input, init) =>
    String(input).startsWith('https://github.com/') ? world.fetch(input, init) : fetch(input, init)
  return openBrowser(send, { 'https://github.com': `user_session=${issueUserToken(running, id).token}` })
}
