import { afterEach, expect, test, vi } from 'vitest'
import { InvalidCommand } from '../../src/cli/command.ts'
import { run } from '../../src/cli/serve.ts'

afterEach(() => vi.unstubAllEnvs())

test('weighbridge serve refuses to start without its secrets, and lists all that is missing (S04)', async () => {
  for (const name of ['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET']) vi.stubEnv(name, '')

  const refusal = await run({} as Parameters<typeof run>[0]).catch((error: unknown) => error)

  expect(refusal).toBeInstanceOf(InvalidCommand)
  expect((refusal as Error).message.split('\n')).toEqual([
    expect.stringMatching(/^APP_ID is missing/),
    expect.stringMatching(/^PRIVATE_KEY is missing/),
    expect.stringMatching(/^WEBHOOK_SECRET is missing/),
  ])
})
