/** A variable of the environment, as the README shows it. */
export interface SettingVariable {
  readonly name: string
  readonly about: string
}

/** Every variable that `readSettings` reads; a name with `_FILE` beside it may be given as a file instead. */
export const SETTING_VARIABLES: readonly SettingVariable[] = [
  { name: 'APP_ID', about: 'The GitHub App that weighs. Required.' },
  { name: 'PRIVATE_KEY', about: 'Its private key, PEM or base64 of it; or `PRIVATE_KEY_FILE`. Required.' },
  {
    name: 'WEBHOOK_SECRET',
    about:
      'Secrets of its webhook, newest first, one a line; or `WEBHOOK_SECRET_FILE`, read again when it changes. Required.',
  },
  { name: 'MOVER_APP_ID', about: 'A second App for rollbacks, the only one on a bypass list; default: none.' },
  { name: 'MOVER_PRIVATE_KEY', about: 'Its private key; or `MOVER_PRIVATE_KEY_FILE`.' },
  { name: 'GHE_HOST', about: 'Host of GitHub Enterprise Server; default github.com.' },
  { name: 'GHE_PROTOCOL', about: 'https or http; default https.' },
  { name: 'HOST', about: 'Address that it listens on; default 127.0.0.1.' },
  { name: 'PORT', about: 'Port that it listens on; default 3000.' },
  { name: 'LOG_LEVEL', about: 'trace to fatal, or silent; default info.' },
  { name: 'WEIGHBRIDGE_URL', about: 'Where people reach it; default http://localhost:PORT.' },
  { name: 'WEIGHBRIDGE_HOME', about: 'Folder of the inbox and of keys that it makes; default .weighbridge-app.' },
  {
    name: 'WEIGHBRIDGE_OPERATOR',
    about: 'The operator’s file: what each repository may touch. Without it `file:` only.',
  },
  { name: 'WEIGHBRIDGE_FILE_ROOT', about: 'What `file:` lies below, as `<owner>/<repository>/`; default: no files.' },
  { name: 'WEIGHBRIDGE_PAGES', about: '`local`: report pages without sign-in, on this machine only.' },
  { name: 'GITHUB_CLIENT_ID', about: 'OAuth client of the App, for report pages; default: no pages.' },
  { name: 'GITHUB_CLIENT_SECRET', about: 'Its secret; or `GITHUB_CLIENT_SECRET_FILE`.' },
  { name: 'WEIGHBRIDGE_RUNNER', about: 'Class of this machine, for latency limits in milliseconds; default: none.' },
  { name: 'METRICS_TOKEN', about: 'Bearer token of /metrics; default: only this machine may ask.' },
]
