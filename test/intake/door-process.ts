import { openInbox } from '../../src/adapters/inbox/inbox.ts'
import { openIntake } from '../../src/intake/intake.ts'
import { openSecrets } from '../../src/intake/webhook-secrets.ts'
import { IDENTITY, LEDGER, SECRET } from './support.ts'

/** The door alone in a process of its own: `node door-process.ts <inbox>`; tells its port, then what it is asked. */
const now = () => new Date()
const inbox = openInbox({ path: process.argv[2] ?? ':memory:', now })
const ignore = () => undefined
const intake = await openIntake({
  secrets: openSecrets({ value: SECRET }),
  inbox,
  identity: IDENTITY,
  ledgerBranch: LEDGER,
  now,
  port: 0,
  host: '127.0.0.1',
  routes: [],
  log: { refused: ignore, delivery: ignore, failed: (line) => console.error(line) },
})
process.on('message', () => process.send?.({ counts: inbox.counts(), rss: process.memoryUsage.rss() }))
process.send?.({ port: intake.port })
