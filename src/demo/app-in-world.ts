import type { Settings } from '../app/settings.ts'
import { shippedApp } from '../app/setup/shipped-app.ts'
import { type App, type AppOptions, openApp } from '../app.ts'
import type { VirtualClock } from '../world/clock.ts'
import type { Courier } from '../world/github/github-state.ts'
import type { AppCredentials, AppManifest } from '../world/world-app.ts'

/** Where the app lives that is put into a world. */
export interface AppPlace {
  readonly app: AppCredentials
  readonly apiUrl: string
  /** Reaches GitHub's API; nothing else is there. */
  readonly fetch: typeof fetch
  readonly clock: VirtualClock
  /** The app's own folder; it belongs to the caller. */
  readonly home: string
}

export interface AppInWorldOptions extends Omit<Partial<AppOptions>, 'settings'> {
  readonly settings?: Partial<Settings>
}

/** What the app asks for on GitHub: `app.yml`. */
export function appManifest(): AppManifest {
  const { name, default_permissions: permissions, default_events: events } = shippedApp()
  return { name, permissions, events }
}

/** The app itself in a world: no socket, no sweeps, no chance, and the world's time. */
export function appInWorld(place: AppPlace, { settings, ...options }: AppInWorldOptions = {}): App {
  const { clock } = place
  return openApp({
    settings: { ...settingsIn(place), ...settings },
    clock,
    fetch: place.fetch,
    chance: () => 0.5,
    during: (work) => clock.during(work),
    whileWaiting: (wait) => clock.whileWaiting(wait),
    listens: false,
    sweeps: false,
    ...options,
  })
}

/** Brings webhooks to the app; while there is none they are taken and forgotten, as before it was installed. */
export function courierTo(app: () => App | null): Courier {
  return {
    deliver: async ({ requestHeaders, requestBody }) => {
      const headers = Object.entries(requestHeaders).map(([name, value]) => [name.toLowerCase(), value])
      const taken = await app()?.receive(Object.fromEntries(headers), Buffer.from(requestBody))
      return taken?.status ?? 202
    },
  }
}

function settingsIn({ app, apiUrl, home }: AppPlace): Settings {
  return {
    weigher: { appId: app.id, privateKey: app.privateKey },
    mover: null,
    webhook: { value: app.webhookSecret },
    apiUrl,
    webUrl: 'https://github.com',
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://localhost:3000',
    logLevel: 'silent',
    home,
    fileRoot: `${home}/files-root`,
    runnerClass: null,
    operatorFile: null,
    pages: null,
    metricsToken: null,
  }
}
