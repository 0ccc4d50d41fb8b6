import { appendFileSync, readFileSync } from 'node:fs'
import { openInbox } from '../../src/adapters/inbox/inbox.ts'
import { openExecutor } from '../../src/app/executor/executor.ts'
import { openIntake } from '../../src/intake/intake.ts'
import { IDENTITY, LEDGER, SECRET } from './support.ts'

/**
 * Door, inbox and executor in a process of their own, to be killed: `house-process.ts <inbox> <file>`. Each job reads
 * which head is the newest now, as `<file>.now` has it, and writes down that it began and that it ended.
 */
const [, , path = ':memory:', file = '/dev/null'] = process.argv
const now = () => new Date()
const ignore = () => undefined
const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms))
const inbox = openInbox({ path, now })
openExecutor({
  inbox,
  clock: { now: () => Date.now(), sleep },
  chance: Math.random,
  watches: [{ ended: ignore, failed: (line) => console.error(line) }],
  onDead: async () => undefined,
  work: async ({ work }) => {
    const head = JSON.parse(readFileSync(`${file}.now`, 'utf8'))[work.key]
    appendFileSync(file, `begin ${process.pid} ${work.key} ${head}\n`)
    await sleep(Math.random() * 20)
    appendFileSync(file, `end ${process.pid} ${work.key} ${head}\n`)
    return { is: 'done' }
  },
})
const log = { refused: ignore, delivery: ignore, failed: ignore }
const options = { secrets: () => [SECRET], inbox, identity: IDENTITY, ledgerBranch: LEDGER, now, routes: [], log }
const intake = await openIntake({ ...options, port: 0, host: '127.0.0.1' })
process.on('message', () => process.send?.({ counts: inbox.counts() }))
process.send?.({ port: intake.port })
