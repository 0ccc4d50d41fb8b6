import { openCheckout } from '../adapters/checkout/checkout.ts'
import { compareMirror } from '../adapters/ledger/compare-mirror.ts'
import { BROKEN_MEND } from '../adapters/ledger/ledger-broken.ts'
import { type LocalLedger, readLedgerFrom } from '../adapters/ledger/local-ledger.ts'
import { type AuditQuestion, auditCsv, auditedLines, auditRow } from '../ledger/audit.ts'
import type { Line } from '../ledger/line.ts'
import type { VerifyingKey } from '../ledger/signature.ts'
import { flawSentence, linesIn, verifyFiles } from '../ledger/verify-files.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { givenMoment } from './given-moment.ts'
import { keysGiven, keysOfBranch, mirrorAt } from './ledger-input.ts'
import { table } from './table.ts'

/** Shows the ledger's lines; `audit verify` says whether they can be believed. */
export async function run(input: CommandInput): Promise<number> {
  return input.positionals[0] === 'verify' ? verify(input) : list(input)
}

async function list(input: CommandInput): Promise<number> {
  const { terminal } = input
  const question = questionOf(input)
  terminal.progress('reading the ledger')
  const { tip, files } = await readLedgerFrom(await openCheckout(input.folder), input.text('ref'))
  const { lines, flaws } = linesIn(files)
  const asked = auditedLines(lines, question)
  if (input.json)
    terminal.document({ schema: 'weighbridge.audit/v1', tip, verified: false, lines: asked.map(document) })
  else if (input.flag('csv')) for (const row of auditCsv(asked).trimEnd().split('\r\n')) terminal.line(row)
  else if (asked.length === 0) terminal.line('No line of the ledger answers that.')
  else printTable(input, asked)
  for (const flaw of flaws) terminal.complain(flawSentence(flaw))
  return flaws.length === 0 ? EXIT.passed : EXIT.held
}

function questionOf(input: CommandInput): AuditQuestion {
  const since = givenMoment(input, 'since')
  if (input.json && input.flag('csv')) throw new InvalidCommand('--json and --csv exclude each other', 'Give one.')
  return { model: input.positionals[0], environment: input.text('environment'), kind: input.text('kind'), since }
}

const document = ({ text, digest }: Line): unknown => ({ ...(JSON.parse(text) as object), digest })

function printTable({ terminal }: CommandInput, lines: readonly Line[]): void {
  const rows = lines.map(auditRow)
  const cells = rows.map(({ seq, at, kind, scope, actor_id, says }) => [
    String(seq),
    at,
    kind,
    scope,
    actor_id === 0 ? 'the app' : String(actor_id),
    says,
  ])
  for (const line of table(['seq', 'at', 'kind', 'scope', 'by', 'says'], cells)) terminal.line(line)
  terminal.line('')
  terminal.line('Shown as they lie in the clone; weighbridge audit verify says whether they can be believed.')
}

async function verify(input: CommandInput): Promise<number> {
  const { terminal } = input
  const checkout = await openCheckout(input.folder)
  terminal.progress('reading the ledger')
  const ledger = await readLedgerFrom(checkout, input.text('ref'))
  const given = keysGiven(input)
  const keys = given ?? keysOfBranch(ledger.files)
  terminal.progress('verifying signatures')
  const verified = verifyFiles(ledger.files, keys)
  const place = input.text('store')
  const mirror =
    place === undefined || verified.flaw !== null
      ? null
      : await compareMirror(mirrorAt(place, checkout.root, input.calledFrom), verified.lines, {
          ledger: verified.ledger,
          keys,
        })
  const flaw = verified.flaw ?? mirror?.flaw ?? null
  const sentence = flaw === null ? null : flawSentence(flaw)
  report(input, ledger, {
    schema: 'weighbridge.audit-verify/v1',
    ledger: verified.ledger,
    tip: ledger.tip,
    lines: verified.lines.length,
    keys: keys.map(({ text }) => text),
    keys_from: given === undefined ? 'branch' : 'file',
    mirror: mirror === null ? null : { ahead: mirror.ahead },
    broken: flaw === null ? null : { seq: flaw.seq, because: sentence ?? '' },
  })
  return flaw === null ? EXIT.passed : EXIT.held
}

interface VerifyReport {
  readonly schema: 'weighbridge.audit-verify/v1'
  readonly ledger: number
  readonly tip: string
  readonly lines: number
  readonly keys: readonly VerifyingKey['text'][]
  readonly keys_from: 'branch' | 'file'
  readonly mirror: { readonly ahead: number } | null
  readonly broken: { readonly seq: number; readonly because: string } | null
}

function report({ terminal, json }: CommandInput, { tip }: LocalLedger, said: VerifyReport): void {
  if (json) terminal.document(said)
  else if (said.broken !== null) {
    terminal.line(`${terminal.style('red', 'BROKEN')}  ${said.broken.because}.`)
    terminal.line(BROKEN_MEND)
  } else {
    const compared = said.mirror === null ? 'not compared with its mirror (--store)' : 'equal to its mirror'
    const ahead = said.mirror !== null && said.mirror.ahead > 0 ? `, which is ${said.mirror.ahead} ahead` : ''
    terminal.line(`${terminal.style('green', 'SOUND')}  ${said.lines} lines of the ledger of repository ${said.ledger}`)
    terminal.line(`One chain up to ${tip.slice(0, 12)}, every signature and state right; ${compared}${ahead}.`)
  }
  if (!json && said.keys_from === 'branch')
    terminal.complain(
      `Verified with the keys that the branch itself lists: ${said.keys.join(', ')}. Only the operator's say whose they are: give --keys FILE.`,
    )
}
