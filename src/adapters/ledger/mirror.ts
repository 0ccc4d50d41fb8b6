import { beforeFirst, FlawedLine, type Line, lineFlaw, readLine } from '../../ledger/line.ts'
import type { VerifyingKey } from '../../ledger/signature.ts'
import { type ObjectStore, Unavailable } from '../../ports.ts'
import { canonicalJson } from '../../registry/canonical-json.ts'
import { isForgetful } from '../store/forgetful-store.ts'
import { LedgerBroken } from './ledger-broken.ts'

/** A line as the mirror holds it, with the tip of the branch that it was appended on; null: there was no branch. */
export interface MirroredLine {
  readonly line: Line
  readonly parent: string | null
}

export type MirrorStore = Pick<ObjectStore, 'get' | 'putNew'>

/**
 * The lines in `store.evidence`, one object a seq, each written once before the branch moves. What it holds is the tip
 * seen by every instance, and what is left after any restore of anything else.
 */
export interface Mirror {
  /** @throws {LedgerBroken} when what lies there is no line of that seq */
  line(seq: number): Promise<MirroredLine | null>
  put(line: Line, parent: string | null): Promise<'written' | 'exists'>
  /** Where a fact stands already; null when it does not. */
  seqOf(id: string): Promise<number | null>
  putId(line: Line): Promise<void>
  /** @throws {Unavailable} for a store that writes over what it was told not to */
  refuseForgetful(): Promise<void>
}

export function openMirror(store: MirrorStore, prefix: string): Mirror {
  const below = prefix.replace(/\/$/, '')
  const lineUri = (seq: number) => `${below}/ledger/${String(seq).padStart(12, '0')}.json`
  const idUri = (id: string) => `${below}/ledger-ids/${id.slice(7, 9)}/${id.slice(7)}.json`
  const line = async (seq: number) => {
    const bytes = await store.get(lineUri(seq))
    return bytes === undefined ? null : mirrored(seq, bytes)
  }
  return {
    line,
    put: (written, parent) => store.putNew(lineUri(written.seq), encoded({ line: JSON.parse(written.text), parent })),
    seqOf: async (id) => {
      const bytes = await store.get(idUri(id))
      const seq = bytes === undefined ? null : seqIn(bytes)
      // A note that the line itself does not bear out hides no fact.
      return seq !== null && (await line(seq))?.line.id === id ? seq : null
    },
    putId: async ({ id, seq }) => void (await store.putNew(idUri(id), encoded({ seq }))),
    refuseForgetful: () => refuseForgetful(store, `${below}/ledger-probe.json`),
  }
}

const encoded = (document: unknown) => new TextEncoder().encode(canonicalJson(document))

function mirrored(seq: number, bytes: Uint8Array): MirroredLine {
  try {
    const { line, parent } = JSON.parse(new TextDecoder().decode(bytes)) as { line: unknown; parent: unknown }
    const read = readLine(canonicalJson(line))
    const isPlace = parent === null || (typeof parent === 'string' && /^[0-9a-f]{40,64}$/.test(parent))
    if (read.seq === seq && isPlace) return { line: read, parent }
  } catch (error) {
    if (error instanceof FlawedLine) throw new LedgerBroken(seq, `the mirror's line ${error.message}`, {})
    // whatever else it is: said below
  }
  throw new LedgerBroken(seq, 'what the mirror holds there is not that line')
}

function seqIn(bytes: Uint8Array): number | null {
  try {
    const { seq } = JSON.parse(new TextDecoder().decode(bytes)) as { seq: unknown }
    return typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0 ? seq : null
  } catch {
    return null
  }
}

async function refuseForgetful(store: MirrorStore, uri: string): Promise<void> {
  if (!(await isForgetful(store, uri))) return
  throw new Unavailable(
    'unreachable',
    `the store of ${uri} ignores conditional writes: two writers of the ledger would both win`,
    'Use a store that honours If-None-Match: * (AWS S3, MinIO, Ceph, R2 do), or a file: store.',
  )
}

/** How many lines are fetched at once. */
const WINDOW = 32

/**
 * All lines of the mirror after one, verified.
 *
 * @param after  seq and digest to begin after; the beginning of the ledger when left out
 * @throws {LedgerBroken} at the first gap, foreign line or wrong signature
 */
export async function* mirrorLines(
  mirror: Mirror,
  of: { readonly ledger: number; readonly keys: readonly VerifyingKey[] },
  after: { readonly seq: number; readonly digest: string } = { seq: 0, digest: beforeFirst(of.ledger) },
): AsyncGenerator<MirroredLine> {
  let before = after
  for (;;) {
    const first = before.seq + 1
    const window = await Promise.all(Array.from({ length: WINDOW }, (_, index) => mirror.line(first + index)))
    const end = window.indexOf(null)
    if (end >= 0 && window.slice(end).some((one) => one !== null))
      throw new LedgerBroken(first + end, 'the mirror lacks it')
    for (const one of end < 0 ? window : window.slice(0, end)) {
      if (one === null) return
      const flaw = lineFlaw(one.line, before, of.keys)
      if (flaw !== null) throw new LedgerBroken(one.line.seq, `the mirror's line ${flaw}`)
      before = one.line
      yield one
    }
    if (end >= 0) return
  }
}
