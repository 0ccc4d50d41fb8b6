import type { RefChange } from './storage/git-storage.ts'

const NONE = '0'.repeat(40)

/** The commands at the start of a push: `<old> <new> <ref>`, capabilities behind a zero byte of the first. */
export function readPushCommands(body: Buffer): {
  readonly commands: readonly RefChange[]
  readonly capabilities: readonly string[]
} {
  const commands: RefChange[] = []
  let capabilities: readonly string[] = []
  for (let at = 0; at + 4 <= body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16)
    if (!(length > 4)) break
    const [line = '', more] = body.toString('utf8', at + 4, at + length).split('\0')
    if (more !== undefined) capabilities = more.trim().split(' ')
    const found = /^([0-9a-f]{40}) ([0-9a-f]{40}) (\S+)\n?$/.exec(line)
    if (found !== null) commands.push({ ref: found[3] ?? '', from: orNull(found[1]), to: orNull(found[2]) })
    at += length
  }
  return { commands, capabilities }
}

function orNull(oid: string | undefined): string | null {
  return oid === undefined || oid === NONE ? null : oid
}

/** What a server answers that took the objects and refuses the refs: every line of the reason, then `ng` for each. */
export function refusalReport(commands: readonly RefChange[], capabilities: readonly string[], reason: string): Buffer {
  const [first = 'refused'] = reason.split('\n')
  const report = Buffer.concat([
    packet('unpack ok\n'),
    ...commands.map((one) => packet(`ng ${one.ref} ${first}\n`)),
    Buffer.from('0000'),
  ])
  if (!capabilities.includes('side-band-64k')) return report
  const told = reason
    .split('\n')
    .map((line) => packet(Buffer.concat([Buffer.from([2]), Buffer.from(`error: ${line}\n`)])))
  return Buffer.concat([...told, packet(Buffer.concat([Buffer.from([1]), report])), Buffer.from('0000')])
}

function packet(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes])
}
