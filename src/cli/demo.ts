import { type DemoWorld, openDemoWorld } from '../demo/demo-world.ts'
import { heardIn } from '../demo/heard.ts'
import { STORIES } from '../demo/stories.ts'
import { type ToldStory, tellStory } from '../demo/tell-story.ts'
import { type ToldChapter, tellTraining } from '../demo/training-chapter.ts'
import type { Delivery } from '../world/github/github-state.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { handOver, heardLine } from './demo-hand-over.ts'
import { storyDocument, storyLines } from './demo-story.ts'
import { chapterDocument, chapterLines } from './demo-training.ts'

/** Six pull requests and a training on an emulated GitHub, with the app itself; then everything stays open for one's own. */
export async function run(input: CommandInput): Promise<number> {
  const { terminal, json } = input
  const started = performance.now()
  const stays = !input.flag('exit') && !json
  const port = portOf(input.text('port'))
  const now: { watches: boolean } = { watches: false }
  const heard = (delivery: Delivery) => {
    const line = now.watches ? heardLine(heardIn(delivery), terminal) : null
    if (line !== null) terminal.line(line)
  }
  const demo = await opened(stays ? port : null, heard)
  if (!json) terminal.line(beginning(demo))
  const told = await tellAll(demo, input)
  const cost = costOf(demo)
  const seconds = (performance.now() - started) / 1000
  const chapter = await tellChapter(demo, input)
  report({ told, chapter, seconds, cost }, input)
  if (stays) {
    for (const line of handOver(demo)) terminal.line(line)
    now.watches = true
    demo.goesOn()
    await untilInterrupted()
  }
  await demo.close()
  return [...told, chapter].every(({ asTold }) => asTold) ? EXIT.passed : EXIT.held
}

async function tellChapter(demo: DemoWorld, { terminal, json }: CommandInput): Promise<ToldChapter> {
  terminal.progress('training: /train in a comment')
  const chapter = await tellTraining(demo)
  if (!json) for (const line of chapterLines(chapter, terminal)) terminal.line(line)
  return chapter
}

async function tellAll(demo: DemoWorld, { terminal, json }: CommandInput): Promise<readonly ToldStory[]> {
  const told: ToldStory[] = []
  for (const story of STORIES) {
    terminal.progress(`weighing: ${story.title}`)
    const one = await tellStory(demo, story)
    told.push(one)
    if (!json) for (const line of storyLines(one, terminal)) terminal.line(line)
  }
  return told
}

/** Ctrl-C ends the process, and what it has open, wherever it is. */
function untilInterrupted(): Promise<never> {
  return new Promise(() => undefined)
}

function beginning({ site }: DemoWorld): string {
  const where = site === null ? 'A small GitHub in this process' : `A small GitHub at ${site.url}`
  return `${where}: acme/models serves adult 1.0.0 of four versions, and Weighbridge is installed.`
}

interface Outcome {
  readonly told: readonly ToldStory[]
  readonly chapter: ToldChapter
  /** Of the six pull requests. */
  readonly seconds: number
  readonly cost: { readonly api_calls: number; readonly api_writes: number }
}

function costOf({ world: { github } }: DemoWorld): Outcome['cost'] {
  return { api_calls: github.calls.length, api_writes: github.writes.length }
}

function report({ told, chapter, seconds, cost }: Outcome, { terminal, json }: CommandInput) {
  if (json) {
    const stories = told.map(storyDocument)
    terminal.document({ schema: 'weighbridge.demo/v1', seconds, ...cost, stories, training: chapterDocument(chapter) })
    return
  }
  const right = told.filter(({ asTold }) => asTold).length
  terminal.line(`\n${right} of ${told.length} came out as told, in ${seconds.toFixed(1)} s.`)
  for (const { story, asTold } of told) if (!asTold) terminal.line(terminal.style('red', `Not as told: ${story.title}`))
  if (!chapter.asTold) terminal.line(terminal.style('red', 'Not as told: training in comments'))
  terminal.line(`The app made ${cost.api_calls} calls to GitHub's API for them, ${cost.api_writes} of them writes.`)
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) return Number(text)
  throw new InvalidCommand(`--port cannot be "${text}"`, 'Give a number from 1 to 65535.')
}

async function opened(port: number | null, heard: (delivery: Delivery) => void): Promise<DemoWorld> {
  try {
    return await openDemoWorld({ port, heard })
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (syscall !== 'listen') throw error
    throw new InvalidCommand(`port ${port} can't be used: ${code}`, 'Give another with --port, or none.')
  }
}
