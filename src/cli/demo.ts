import { createServer, type Server } from 'node:http'
import { mergeInto } from '../adapters/checkout/new-repository.ts'
import { atEnd, openJobFolder } from '../adapters/job-folder.ts'
import { makeRepository, openBranch, STORIES, type Story } from '../demo/stories.ts'
import { checkCheckout } from '../jobs/check-checkout.ts'
import type { CheckDocument } from '../report/check-document.ts'
import { renderHtml } from '../report/html.ts'
import { renderIndex } from '../report/html-index.ts'
import { renderTerminal } from '../report/terminal.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'

/** The moment at which the demo's pull requests are judged: its answers are the same on every day. */
const NOW = '2026-11-18T10:00:00Z'

interface Told {
  readonly story: Story
  readonly check: CheckDocument
  readonly asTold: boolean
}

/** Six promotions, one after the other, each shown as its check; then their pages on localhost. */
export async function run(input: CommandInput): Promise<number> {
  const { terminal } = input
  requirePort(input.text('port'))
  const folder = openJobFolder()
  const started = performance.now()
  await makeRepository(folder.path)
  if (!input.json) terminal.line(`A model repository in ${folder.path}: adult, four versions, production serves 1.0.0.`)
  const told: Told[] = []
  for (const story of STORIES) told.push(await tell(story, folder.path, input, told.length + 1))
  const seconds = (performance.now() - started) / 1000
  const right = told.filter((one) => one.asTold).length
  report(told, right, seconds, input)
  if (!input.flag('exit') && !input.json) await showPages(told, input)
  folder.close()
  return right === told.length ? EXIT.passed : EXIT.held
}

async function tell(story: Story, folder: string, input: CommandInput, number: number): Promise<Told> {
  const { terminal } = input
  await openBranch(folder, story)
  const check = await checkCheckout({
    folder,
    base: 'main',
    head: story.branch,
    now: NOW,
    skip: [],
    progress: terminal.progress,
  })
  if (story.merge) await mergeInto(folder, story.branch)
  if (!input.json) {
    terminal.line(`\n${terminal.style('bold', `── ${number}. ${story.title} `.padEnd(78, '─'))}\n${story.told}\n`)
    for (const line of renderTerminal(check, terminal.style, terminal.columns)) terminal.line(line)
  }
  return { story, check, asTold: cameOutAsTold(story, check) }
}

/** Status of the verdict and of the gates that the story names. */
export function cameOutAsTold({ expected }: Story, check: CheckDocument): boolean {
  const status = new Map(check.verdict.children.map((gate) => [gate.gate, gate.status]))
  return (
    check.verdict.status === expected.status &&
    Object.entries(expected.gates).every(([gate, wanted]) => status.get(gate) === wanted)
  )
}

function report(told: readonly Told[], right: number, seconds: number, { terminal, json }: CommandInput): void {
  if (json) {
    const stories = told.map(({ story, check, asTold }) => ({ title: story.title, as_told: asTold, check }))
    terminal.document({ schema: 'weighbridge.demo/v1', seconds, stories })
    return
  }
  terminal.line(`\n${right} of ${told.length} came out as told, in ${seconds.toFixed(1)} s.`)
  for (const { story, asTold } of told) if (!asTold) terminal.line(terminal.style('red', `Not as told: ${story.title}`))
}

async function showPages(told: readonly Told[], input: CommandInput): Promise<void> {
  const pages = told.map(({ story, check }) => ({
    title: story.title,
    told: story.told,
    status: check.verdict.status,
    html: renderHtml(check),
  }))
  const server = createServer((request, response) => {
    const number = /^\/(\d+)$/.exec(request.url ?? '')?.[1]
    const page = number === undefined ? null : pages[Number(number) - 1]
    const found = request.url === '/' ? renderIndex(pages) : page?.html
    response.writeHead(found === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    response.end(found ?? 'not here')
  })
  const port = await listen(server, input.text('port'))
  input.terminal.line(`Their pages: http://localhost:${port}/ (Ctrl-C ends)`)
  await new Promise<void>((resolve) => {
    atEnd(() => server.close())
    server.on('close', resolve)
  })
}

function requirePort(port: string | undefined): void {
  if (port === undefined || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) return
  throw new InvalidCommand(`--port cannot be "${port}"`, 'Give a number from 1 to 65535.')
}

function listen(server: Server, port: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new InvalidCommand(
          `port ${port ?? ''} can't be used: ${error.code ?? error.message}`,
          'Give another with --port, or none.',
        ),
      ),
    )
    server.listen(Number(port ?? 0), '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}
