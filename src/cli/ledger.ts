import { generateKeyPairSync } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { type Checkout, openCheckout } from '../adapters/checkout/checkout.ts'
import { LedgerBroken } from '../adapters/ledger/ledger-broken.ts'
import { ledgerTip, readLedgerFrom } from '../adapters/ledger/local-ledger.ts'
import { commitRestored, linesOfMirror, restoredFiles } from '../adapters/ledger/restore.ts'
import { LEDGER_BRANCH } from '../adapters/ledger/view.ts'
import { HEAD } from '../ledger/documents.ts'
import { signingKeyOf } from '../ledger/signature.ts'
import { claimedLedger, flawSentence, verifyFiles } from '../ledger/verify-files.ts'
import { type CommandInput, EXIT, InvalidCommand } from './command.ts'
import { keysGiven, mirrorAt, readGiven } from './ledger-input.ts'
import { pathFrom } from './parse.ts'

/** `ledger keys` makes the key that signs; `ledger restore` rebuilds the branch from its mirror. */
export async function run(input: CommandInput): Promise<number> {
  const [action] = input.positionals
  if (action === 'keys') return makeKeys(input)
  if (action === 'restore') return restore(input)
  throw new InvalidCommand(
    `there is no "ledger ${action}"`,
    'There are: weighbridge ledger keys, weighbridge ledger restore.',
  )
}

function makeKeys({ terminal, json, calledFrom, ...input }: CommandInput): number {
  const name = input.text('out') ?? 'weighbridge-ledger.pem'
  const path = pathFrom(calledFrom, name)
  if (existsSync(path))
    throw new InvalidCommand(`${name} is there already`, 'A key is never written over; name another file with --out.')
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  writeFileSync(path, pem, { flag: 'wx', mode: 0o600 })
  const { key_id, public: own } = signingKeyOf(pem)
  if (json) terminal.document({ schema: 'weighbridge.ledger-keys/v1', file: path, key_id, public_key: own.text })
  else
    for (const line of [
      `Private key ${key_id} written to ${name}, readable by you alone. It signs the ledger: keep it out of Git.`,
      "In the operator's file, newest first, old ones below it as long as lines of theirs are to be believed:",
      'ledger:',
      `  signing_key_file: ${name}`,
      '  public_keys:',
      `    - ${own.text}`,
    ])
      terminal.line(line)
  return EXIT.passed
}

async function restore(input: CommandInput): Promise<number> {
  const from = input.text('from')
  if (from === undefined)
    throw new InvalidCommand('--from is missing', 'Name the mirror: store.evidence of the repository.')
  const keys = keysGiven(input)
  if (keys === undefined)
    throw new InvalidCommand('--keys is missing', "Name the file with the operator's public keys.")
  const checkout = await openCheckout(input.folder)
  const tip = await ledgerTip(checkout)
  const now = { ...(await branchNow(checkout, tip)), ...ledgerGiven(input) }
  if (now.ledger === 0)
    throw new InvalidCommand(
      'the branch does not say whose ledger it is',
      "Give the repository's id on GitHub: --ledger ID.",
    )
  const mirror = mirrorAt(from, checkout.root, input.calledFrom)
  const of = { mirror, ledger: now.ledger, keys, tip, now: new Date().toISOString() }
  try {
    if (input.flag('dry-run')) return dryRun(input, { lines: (await linesOfMirror(of)).length, files: now.files, keys })
    const signingKey = signingKeyOf(readGiven(input, 'key') ?? '')
    const { files, lines } = await restoredFiles({ ...of, signingKey })
    const commit = await commitRestored(checkout, tip, files)
    return restored(input, { commit, lines })
  } catch (error) {
    if (!(error instanceof LedgerBroken)) throw error
    input.terminal.complain(`The mirror cannot be believed either: ${error.message}. Nothing was written.`)
    return EXIT.held
  }
}

async function branchNow(checkout: Checkout, tip: string | null) {
  const files = tip === null ? new Map<string, string>() : (await readLedgerFrom(checkout, tip)).files
  return { files, ledger: claimedLedger(files.get(HEAD)) }
}

function ledgerGiven(input: CommandInput): { readonly ledger?: number } {
  const text = input.text('ledger')
  if (text === undefined) return {}
  if (/^[1-9]\d{0,14}$/.test(text)) return { ledger: Number(text) }
  throw new InvalidCommand(`--ledger: "${text}" is no id`, "It is the repository's number on GitHub.")
}

function dryRun(
  { terminal, json }: CommandInput,
  {
    lines,
    files,
    keys,
  }: {
    readonly lines: number
    readonly files: ReadonlyMap<string, string>
    readonly keys: Parameters<typeof verifyFiles>[1]
  },
): number {
  const branch = verifyFiles(files, keys)
  const broken = branch.flaw === null ? null : flawSentence(branch.flaw)
  const document = { schema: 'weighbridge.ledger-restore/v1', mirror: lines, branch: branch.lines.length, broken }
  if (json) terminal.document({ ...document, commit: null })
  else {
    terminal.line(
      `The mirror holds ${lines} lines, one sound chain. The branch: ${broken ?? `${branch.lines.length} lines, sound`}.`,
    )
    terminal.line('Nothing was written. Without --dry-run the branch is rebuilt from the mirror, as one commit more.')
  }
  return EXIT.passed
}

function restored(
  { terminal, json }: CommandInput,
  { commit, lines }: { readonly commit: string; readonly lines: number },
): number {
  if (json) terminal.document({ schema: 'weighbridge.ledger-restore/v1', mirror: lines, commit })
  else {
    terminal.line(`${LEDGER_BRANCH} is ${commit.slice(0, 12)} now: ${lines} lines, the last says that it was rebuilt.`)
    terminal.line(`Next: git push origin ${LEDGER_BRANCH} (by somebody whom its ruleset lets pass).`)
  }
  return EXIT.passed
}
