import type { ChildProcess } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf, emptyFolder, scratch, shell, start } from './terminal-user.ts'

const PATIENCE_MS = 100_000
const temporary = scratch()
let demo: ReturnType<typeof watched>
let handedOver = ''

beforeAll(async () => {
  demo = watched(start(['demo'], { env: { TMPDIR: temporary } }))
  handedOver = await demo.says('watching...')
}, PATIENCE_MS + 10_000)
afterAll(async () => {
  await demo.interrupted()
  rmSync(temporary, { recursive: true, force: true })
})

test('pages of the demo show what GitHub would, to this machine by its own name only', async () => {
  const url = /^Pages: (http:\/\/localhost:\d+)\/$/m.exec(handedOver)?.[1] ?? ''

  const index = await page(`${url}/`)
  const pull = await page(`${url}/acme/models/pull/2`)
  const report = await page(/href="([^"]+\/reports\/[^"]+)"/.exec(pull.body)?.[1] ?? '')
  const file = await page(/href="([^"#]+\/blob\/[^"#]+)/.exec(pull.body)?.[1] ?? '')
  const nothing = await page(`${url}/acme/models/pull/99`)
  const rebound = await shell(`curl -s -o /dev/null -w '%{http_code}' -H 'Host: evil.example' ${url}/`, emptyFolder())

  expect(index.body).toContain('href="/acme/models/pull/6"')
  expect(index.body.match(/\/reports\/acme\/models\/[0-9a-f]{64}"/g)).toHaveLength(6)
  expect(pull.body).toContain('<strong>How to mend it</strong>')
  expect(pull.body).toContain('wants to merge promote-1.2.0 into main')
  expect(report.body).toContain('disparate_impact')
  expect(file.body).toContain('<li id="L9">')
  expect([index, pull, report, file, nothing].map(({ status }) => status)).toEqual([200, 200, 200, 200, 404])
  expect(rebound.out).toBe('421')
})

test('a port that is taken is bad input, with the way on', async () => {
  const port = /localhost:(\d+)/.exec(handedOver)?.[1] ?? ''

  const second = await answerOf(start(['demo', '--port', port], { env: { TMPDIR: emptyFolder() } }))

  expect(second.code).toBe(2)
  expect(second.err).toContain(`port ${port} can't be used: EADDRINUSE`)
})

test('the lines that the demo prints work: git push and curl open pull requests, checks appear, on-call approves, the app merges', {
  timeout: 120_000,
}, async () => {
  const lines = handedOver.split('\n').filter((line) => /^(git|sed|curl) /.test(line))
  const [clone = '', pushUnfair = '', openUnfair = '', pushBack = '', openBack = '', approve = ''] = lines

  const user = emptyFolder()
  const first = await typed(user, clone)
  const clonedInto = join(user, 'weighbridge-demo')
  const unfair = await typed(clonedInto, `${pushUnfair} && ${openUnfair}`)
  await demo.says('#7  ✗ weighbridge / fairness')
  const back = await typed(clonedInto, `${pushBack} && ${openBack}`)
  await demo.says('#8  ? weighbridge  adult 1.1.0 -> 1.0.0')
  const approved = await typed(clonedInto, approve)
  await demo.says('merged #8')
  await demo.says('pushed to weighbridge/ledger')
  const url = /^Pages: (http:\S+)\/$/m.exec(handedOver)?.[1] ?? ''
  const landed = await pageWith(`${url}/acme/models/pull/8`, 'deployment to production: success')
  const pulled = await typed(
    clonedInto,
    'git fetch -q && git show origin/main:deploy/production/adult.yml | grep -c 1.0.0',
  )

  expect(lines).toHaveLength(6)
  expect([first, unfair, back, approved].map(({ code }) => code)).toEqual([0, 0, 0, 0])
  expect(demo.said()).toContain('dana opened #7 Serve 1.2.0')
  expect(demo.said()).toContain('#7  ✗ weighbridge  adult 1.1.0 -> 1.2.0 in production: held')
  expect(pulled.out).toBe('2\n')
  expect(landed.body).toContain('decided production/adult')
  expect(landed.body).toContain('from 1.1.0, pull 8, version 1.0.0, weighed true')

  const ended = await demo.interrupted()
  expect(ended.code).toBe(130)
  expect(readdirSync(temporary)).toEqual([])
})

async function page(url: string): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(url)
  return { status: response.status, body: await response.text() }
}

/** A page, once it says something. */
async function pageWith(url: string, words: string) {
  const began = Date.now()
  let shown = await page(url)
  for (; !shown.body.includes(words) && Date.now() - began < 30_000; shown = await page(url)) await wait(100)
  return shown
}

/** A line of shell by somebody with a name, and nothing else of this machine. */
function typed(cwd: string, line: string) {
  const who = ['GIT_AUTHOR', 'GIT_COMMITTER'].map((as) => `export ${as}_NAME=Ada ${as}_EMAIL=ada@example.com; `)
  return shell(`${who.join('')}export GIT_TERMINAL_PROMPT=0; ${line}`, cwd)
}

/** A program that runs on: what it has said so far, and waiting for more of it. */
function watched(child: ChildProcess) {
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = new Promise<{ readonly code: number | null }>((resolve) =>
    child.on('close', (code) => resolve({ code })),
  )
  const interrupted = () => {
    child.kill('SIGINT')
    return ended
  }
  return {
    said: () => said,
    /** Everything said, once these words are among it. */
    says: async (words: string): Promise<string> => {
      for (const began = Date.now(); !said.includes(words); await wait(50)) {
        if (child.exitCode !== null) throw new Error(`it ended, and never said "${words}": ${said.slice(-2000)}`)
        if (Date.now() - began > PATIENCE_MS) throw new Error(`it never said "${words}": ${said.slice(-2000)}`)
      }
      return said
    },
    interrupted,
  }
}
