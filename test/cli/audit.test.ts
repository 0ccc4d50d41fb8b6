import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signingKeyOf } from '../../src/ledger/signature.ts'
import { CHURN, fact, memory, newKey, OUR_KEY } from '../adapters/ledger/ledger-world.ts'
import { git, ledgerClone, types } from './ledger-clone.ts'
import { emptyFolder } from './terminal-user.ts'

test('audit shows what the ledger of a clone says of a model', async () => {
  const { clone } = await ledgerClone()

  const all = await types(['audit', 'churn'], clone)
  const some = await types(['audit', '--kind', 'quarantined', '--json'], clone)

  expect(all.code).toBe(0)
  expect(
    all.out
      .split('\n')
      .slice(0, 4)
      .map((line) => line.trimEnd()),
  ).toEqual([
    expect.stringMatching(/^seq +at +kind +scope +by +says$/),
    expect.stringMatching(/^1 +2026-11-21T10:00:00Z +deployed +production\/churn +7 +commit commit of 1\.1\.0/),
    expect.stringMatching(/^2 .* deployed /),
    expect.stringMatching(/^3 .* quarantined +production\/churn +77 .* reason =cmd\|calc/),
  ])
  expect(JSON.parse(some.out)).toMatchObject({
    schema: 'weighbridge.audit/v1',
    verified: false,
    lines: [{ seq: 3, kind: 'quarantined', actor_id: 77, scope: CHURN, digest: expect.stringMatching(/^sha256:/) }],
  })
  expect((await types(['audit', 'fraud'], clone)).out).toBe('No line of the ledger answers that.\n')
  expect((await types(['audit', '--since', 'tomorrow-ish'], clone)).code).toBe(2)
})

test('audit --csv holds nothing that a spreadsheet would run', async () => {
  const { clone } = await ledgerClone()

  const { out } = await types(['audit', '--csv'], clone)

  expect(out.split('\n')).toHaveLength(7)
  expect(out).not.toMatch(/(^|,)"?[=+@-]/m)
})

test('audit verify: sound with the operator’s keys and the mirror', async () => {
  const { clone, keys, evidence } = await ledgerClone()

  const { code, out, err } = await types(['audit', 'verify', '--keys', keys, '--store', evidence], clone)

  expect(out).toMatch(
    /^SOUND {2}5 lines of the ledger of repository 42\nOne chain up to [0-9a-f]{12}, .*; equal to its mirror\.\n$/,
  )
  expect([code, err]).toEqual([0, ''])
})

test('audit verify with the keys of the branch says whose word that is', async () => {
  const { clone } = await ledgerClone()

  const { code, err } = await types(['audit', 'verify'], clone)

  expect(code).toBe(0)
  expect(err).toContain(`the keys that the branch itself lists: ${OUR_KEY.public.text}`)
})

test('audit verify names the seq where the ledger breaks, and exits 1', async () => {
  const { clone, world, keys, evidence, refresh } = await ledgerClone()
  const path = 'facts/production/churn/2026-11.jsonl'
  world.branch.push({ [path]: world.branch.files().get(path)!.replace('=cmd|calc', 'harmless') })
  refresh()

  const people = await types(['audit', 'verify', '--keys', keys], clone)
  const program = await types(['audit', 'verify', '--keys', keys, '--store', evidence, '--json'], clone)

  expect(people.code).toBe(1)
  expect(people.out).toContain('BROKEN  ledger broken at 3: line 3 has a wrong signature.')
  expect(JSON.parse(program.out)).toMatchObject({ broken: { seq: 3 }, keys_from: 'file' })
})

test('audit verify sees a shortened branch in the mirror, and a mirror that lacks or changed a line', async () => {
  const { clone, world, keys, evidence, refresh } = await ledgerClone()
  const verify = async () => (await types(['audit', 'verify', '--keys', keys, '--store', evidence], clone)).out
  const whole = world.branch.tip()!
  world.branch.forcePush(world.branch.past[1]!)
  refresh()
  expect(await verify()).toContain('ledger broken at 3: line 3 and 2 more are in the mirror and not in this branch')
  world.branch.forcePush(whole)
  refresh()
  rmSync(join(evidence, 'ledger/000000000004.json'))
  expect(await verify()).toContain('ledger broken at 4: line 4 is not in the mirror')
})

test('what cannot be read is told apart from what is broken', async () => {
  const { clone, keys } = await ledgerClone()
  const empty = emptyFolder()
  git(empty, 'init', '--quiet')
  const noKeys = join(empty, 'none.txt')
  writeFileSync(noKeys, 'no keys here')

  const before = { ...process.env }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  })
  const unreachable = await types(['audit', 'verify', '--keys', keys, '--store', 's3://acme/evidence'], clone)
  process.env = before

  expect(unreachable.code).toBe(3)
  expect(await types(['audit', 'verify'], empty)).toMatchObject({
    code: 2,
    err: expect.stringContaining('git fetch origin weighbridge/ledger'),
  })
  expect(await types(['audit', 'verify', '--keys', noKeys], clone)).toMatchObject({
    code: 2,
    err: expect.stringContaining('holds no public key'),
  })
  expect(await types(['audit', 'verify', '--keys', 'absent'], clone)).toMatchObject({ code: 2 })
})

test('ledger restore rebuilds a shortened branch as one more commit, and instances that remember accept it', async () => {
  const { clone, world, keys, key, evidence, refresh } = await ledgerClone()
  const seen = memory()
  await world.open({ seen }).read(CHURN, world.branch.tip())
  world.branch.forcePush(world.branch.past[1]!)
  refresh()
  const where = ['ledger', 'restore', '--from', evidence, '--keys', keys]

  const dry = await types([...where, '--dry-run'], clone)
  const done = await types([...where, '--key', key], clone)

  expect(dry.out).toContain('The mirror holds 5 lines, one sound chain. The branch: 2 lines, sound.')
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining('6 lines, the last says that it was rebuilt') })
  expect(git(clone, 'rev-list', '--count', 'origin/weighbridge/ledger..weighbridge/ledger').trim()).toBe('1')
  expect(git(clone, 'status', '--porcelain')).toBe('')
  expect(git(clone, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
  const verified = await types(
    ['audit', 'verify', '--keys', keys, '--store', evidence, '--ref', 'weighbridge/ledger'],
    clone,
  )
  expect(verified.out).toMatch(/^SOUND {2}6 lines.*equal to its mirror\.\n$/s)

  const paths = git(clone, 'ls-tree', '-r', '--name-only', 'weighbridge/ledger').trim().split('\n')
  world.branch.push(Object.fromEntries(paths.map((path) => [path, git(clone, 'show', `weighbridge/ledger:${path}`)])))
  expect(await world.open({ seen }).read(CHURN, world.branch.tip())).toMatchObject({
    is: 'sound',
    state: { seq: 5, quarantined: [{ version: '1.1.0' }] },
  })
  expect((await world.open({ seen }).append([fact(6)])).appended).toBe(1)
  expect(await world.lines()).toHaveLength(7)
})

test('ledger restore brings back a branch that is gone, given whose it was', async () => {
  const { clone, remote, keys, key, evidence } = await ledgerClone()
  git(remote, 'branch', '--quiet', '-D', 'weighbridge/ledger')
  git(clone, 'fetch', '--quiet', '--prune', 'origin')
  const where = ['ledger', 'restore', '--from', evidence, '--keys', keys, '--key', key]

  expect(await types(where, clone)).toMatchObject({ code: 2, err: expect.stringContaining('--ledger ID') })
  expect(await types([...where, '--ledger', '43'], clone)).toMatchObject({
    code: 1,
    err: expect.stringContaining("another repository's ledger"),
  })
  expect((await types([...where, '--ledger', '42'], clone)).code).toBe(0)
  expect((await types(['audit', 'verify', '--keys', keys, '--store', evidence], clone)).code).toBe(0)
})

test('ledger restore refuses a mirror that is broken itself, and writes nothing', async () => {
  const { clone, keys, key, evidence } = await ledgerClone()
  const path = join(evidence, 'ledger/000000000003.json')
  writeFileSync(path, readFileSync(path, 'utf8').replace('=cmd|calc', 'harmless'))

  const { code, err } = await types(['ledger', 'restore', '--from', evidence, '--keys', keys, '--key', key], clone)

  expect(code).toBe(1)
  expect(err).toContain(
    "The mirror cannot be believed either: ledger broken at 3: the mirror's line has a wrong signature. Nothing was written.",
  )
  expect(git(clone, 'branch', '--list', 'weighbridge/ledger')).toBe('')
})

test('ledger keys writes a key that only its owner may read, shows its public part, and writes over nothing', async () => {
  const folder = emptyFolder()

  const { code, out } = await types(['ledger', 'keys', '--out', 'ledger.pem'], folder)

  const made = signingKeyOf(readFileSync(join(folder, 'ledger.pem'), 'utf8'))
  expect(code).toBe(0)
  expect(out).toContain(`    - ${made.public.text}`)
  expect(out).not.toContain('PRIVATE')
  expect(statSync(join(folder, 'ledger.pem')).mode & 0o777).toBe(0o600)
  expect((await types(['ledger', 'keys', '--out', 'ledger.pem'], folder)).code).toBe(2)
  expect((await types(['ledger', 'burn'], folder)).code).toBe(2)
  expect(newKey().key_id).not.toBe(made.key_id)
})
