import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type Mirror, openMirror } from '../adapters/ledger/mirror.ts'
import { openStore } from '../adapters/store/store.ts'
import { KEYS, readKeys } from '../ledger/documents.ts'
import { type VerifyingKey, verifyingKeyOf } from '../ledger/signature.ts'
import { type CommandInput, InvalidCommand } from './command.ts'
import { pathFrom } from './parse.ts'

/** A file that a person named; what the operating system refuses is told as it is. */
export function readGiven(input: CommandInput, option: string): string | undefined {
  const given = input.text(option)
  if (given === undefined) return undefined
  const path = pathFrom(input.calledFrom, given)
  if (!existsSync(path)) throw new InvalidCommand(`--${option}: there is no file ${given}`, 'Name one that is there.')
  return readFileSync(path, 'utf8')
}

/** Public keys in a file of any kind: the operator's, `keys.json`, or one a line. */
export function keysGiven(input: CommandInput): readonly VerifyingKey[] | undefined {
  const text = readGiven(input, 'keys')
  if (text === undefined) return undefined
  const keys = [...new Set(text.match(/ed25519:[A-Za-z0-9+/]{43}=/g))].map(verifyingKeyOf)
  if (keys.length > 0) return keys
  throw new InvalidCommand(
    '--keys: the file holds no public key',
    'A public key is ed25519: and 44 characters of base64.',
  )
}

/** The keys that the branch itself lists: a chain that they sign is whole, whoever made it. */
export function keysOfBranch(files: ReadonlyMap<string, string>): readonly VerifyingKey[] {
  return readKeys(KEYS, files.get(KEYS) ?? '').map(verifyingKeyOf)
}

/** The mirror in `store.evidence`: `s3://bucket/prefix`, `file:folder` of the repository, or a folder. */
export function mirrorAt(place: string, root: string, calledFrom: string): Mirror {
  if (/^(s3:\/\/|file:)/.test(place)) return openMirror(openStore({ root, prefixes: [place] }), place)
  const folder = pathFrom(calledFrom, place)
  if (!existsSync(folder))
    throw new InvalidCommand(`there is no folder ${place}`, 'Name s3://bucket/prefix or a folder.')
  const prefix = `file:${basename(folder)}`
  return openMirror(openStore({ root: dirname(folder), prefixes: [prefix] }), prefix)
}
