import { githubUrls, homeFolder } from '../app/settings.ts'
import { isSetUp, readyForKeys } from '../app/setup/keep-app.ts'
import { openSetup, type Setup, type SetupOptions } from '../app/setup/setup-server.ts'
import { shippedApp } from '../app/setup/shipped-app.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'

/** Registers the GitHub App by its manifest and keeps its keys; a browser on this machine does the rest. */
export async function run(input: CommandInput): Promise<number> {
  const home = homeFolder(process.env)
  refuseSecond(home)
  const { problems, ...urls } = githubUrls(process.env)
  if (problems.length > 0) throw new InvalidCommand(problems.join('\n'), 'Mend the environment, then start again.')
  const setup = await opened({
    app: shippedApp(),
    name: nameOf(input.text('name')),
    organization: organizationOf(input.text('organization')),
    publicUrl: publicUrl(input.text('url') ?? '', urls.webUrl),
    ...urls,
    home,
    port: portOf(input.text('port') ?? process.env.PORT),
  })
  const begin = `Open ${setup.url} in a browser on this machine. Ctrl-C ends.`
  if (input.json) input.terminal.complain(begin)
  else input.terminal.line(begin)
  return finished(input, setup)
}

async function finished({ json, terminal }: CommandInput, setup: Setup): Promise<number> {
  const { app, envFile } = await setup.created
  await setup.close()
  const install = `${app.html_url}/installations/new`
  if (json) terminal.document({ schema: 'weighbridge.setup/v1', app_id: app.id, slug: app.slug, env: envFile, install })
  else {
    terminal.line(`Registered ${app.slug} (app id ${app.id}); its keys lie beside ${envFile}.`)
    terminal.line(`Next: install it: ${install}`)
    terminal.line('Then: weighbridge serve')
  }
  return EXIT.passed
}

/** Before anything is registered: GitHub tells the keys once. */
function refuseSecond(home: string): void {
  if (isSetUp(home))
    throw new InvalidCommand(
      `an app is set up in ${home} already`,
      'Run weighbridge serve, or name another WEIGHBRIDGE_HOME.',
    )
  const inTheWay = readyForKeys(home)
  if (inTheWay.length > 0)
    throw new InvalidCommand(
      `${home} holds ${inTheWay.join(' and ')} of a setup that did not end`,
      'Nothing is written over: move them away, or name another WEIGHBRIDGE_HOME.',
    )
}

async function opened(options: SetupOptions): Promise<Setup> {
  try {
    return await openSetup(options)
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall !== 'listen') throw error
    throw new InvalidCommand(
      `port ${options.port} can't be used: ${code}`,
      'Choose another with --port; 0 takes a free one.',
    )
  }
}

/** GitHub takes 34 characters; whether somebody has the name already is known there only. */
function nameOf(name = 'weighbridge'): string {
  if (/^[^\p{C}]{1,34}$/u.test(name) && name.trim() !== '') return name
  throw new InvalidCommand('--name must have 1 to 34 characters', 'It can still be changed on GitHub’s page.')
}

function organizationOf(login: string | undefined): string | null {
  if (login === undefined || /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$/.test(login)) return login ?? null
  throw new InvalidCommand(`--organization cannot be ${login}`, 'Give its login, as in github.com/<login>.')
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** github.com reaches no name of this machine only; a server of one's own may. */
function publicUrl(text: string, webUrl: string): string {
  const url = URL.parse(text)
  const isPlain = url !== null && ['https:', 'http:'].includes(url.protocol) && url.href === `${url.origin}/`
  if (url !== null && isPlain && !(webUrl === 'https://github.com' && LOOPBACK.includes(url.hostname)))
    return url.origin
  throw new InvalidCommand(
    `--url cannot be ${text}`,
    'Give the address at which GitHub reaches this machine, such as --url https://weighbridge.example.org (a tunnel will do).',
  )
}

function portOf(text = '3000'): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InvalidCommand(`--port cannot be ${text}`, 'Give a number from 0 to 65535; 0 takes any free one.')
}
