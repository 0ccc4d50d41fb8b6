import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DoorProcess, doorInProcess } from './door-in-process.ts'
import { delivery, pullEvent } from './support.ts'

const deep = process.env.WEIGHBRIDGE_DEEP !== undefined
let folder = ''
let door: DoorProcess
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flood-'))
  door = await doorInProcess(join(folder, 'inbox.db'))
})
afterEach(async () => {
  await door.kill()
  rmSync(folder, { recursive: true, force: true })
})

test('streams of 26 and 200 MB and of 1 byte a second are refused in under 60 MB, while honest deliveries pass (S02)', async () => {
  for (let number = 1; number <= 50; number++) await send(number)
  const before = door.rssMb().now
  const copies = deep ? 20 : 6

  let isOver = false
  const floods = Promise.all(
    Array.from({ length: copies }, () => [
      flood({ megabytes: 24, isDeclared: true }),
      flood({ megabytes: 26, isDeclared: true }),
      flood({ megabytes: 26, isDeclared: false }),
      flood({ megabytes: 200, isDeclared: false }),
      trickle(),
    ]).flat(),
  ).finally(() => {
    isOver = true
  })
  const honest: number[] = []
  for (let number = 100; !isOver; number++) {
    honest.push(await send(number))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const answers = await floods
  const grown = door.rssMb().peak - before
  console.info(`${answers.length} floods, ${honest.length} honest deliveries, memory grew by ${grown.toFixed(0)} MB`)

  expect(new Set(honest)).toEqual(new Set([202]))
  expect(honest.length).toBeGreaterThan(20)
  for (const answer of answers) expect(['401', '408', '413', '429', 'cut']).toContain(answer)
  expect(answers.filter((answer) => answer === '408')).toHaveLength(copies)
  expect(answers.filter((answer) => answer === '413').length).toBeGreaterThanOrEqual(copies)
  expect(grown).toBeLessThan(60)
})

test('headers that never end are cut off, and a thousand idle connections keep nobody out (S02)', async () => {
  const sockets = Array.from({ length: 1000 }, () => connect(door.port, '127.0.0.1'))
  for (const socket of sockets) {
    socket.on('error', () => undefined)
    socket.write('POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\nx-slow: ')
  }
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve).resume())))

  expect(await send(1)).toBe(202)
  await closed
  expect(await send(2)).toBe(202)
})

async function send(number: number): Promise<number> {
  return (await fetch(door.url, delivery('pull_request', pullEvent('opened', { number })))).status
}

/** Signed in form, so that its body is read. */
function head(contentLength: number | null): string {
  const length = contentLength === null ? 'transfer-encoding: chunked' : `content-length: ${contentLength}`
  const signature = `x-hub-signature-256: sha256=${'a'.repeat(64)}`
  return `POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n${signature}\r\n${length}\r\n\r\n`
}

/** Writes as fast as the door reads, until it answers; the status, or `cut` when the connection went first. */
function flood({ megabytes, isDeclared }: { megabytes: number; isDeclared: boolean }): Promise<string> {
  const part = Buffer.alloc(65_536, 'x')
  const chunk = isDeclared ? part : Buffer.concat([Buffer.from('10000\r\n'), part, Buffer.from('\r\n')])
  const parts = Math.ceil((megabytes * 1e6) / part.length)
  return converse(isDeclared ? parts * part.length : null, (socket) => {
    let left = parts
    const write = () => {
      while (left-- > 0) if (!socket.write(chunk)) return void socket.once('drain', write)
    }
    write()
  })
}

/** Slow, but not for long: it is noticed before its ten seconds are over. */
async function trickle(): Promise<string> {
  const start = performance.now()
  const answer = await converse(1000, (socket) => {
    const timer = setInterval(() => socket.write('{'), 1000)
    socket.once('close', () => clearInterval(timer))
  })
  return performance.now() - start < 8000 ? answer : `${answer} late`
}

function converse(contentLength: number | null, write: (socket: ReturnType<typeof connect>) => void): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(door.port, '127.0.0.1')
    let answer = ''
    socket.on('data', (data) => {
      answer += data.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'cut'))
    socket.write(head(contentLength))
    write(socket)
  })
}
