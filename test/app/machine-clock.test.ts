import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

const CLOCK = new URL('../../src/app/machine-clock.ts', import.meta.url).href

test('a process that has stopped ends at once, though its jobs sleep until tomorrow', { timeout: 30_000 }, async () => {
  const program = `
    import { machineClock } from '${CLOCK}'
    const clock = machineClock()
    await clock.sleep(1)
    void clock.sleep(86_400_000)
    clock.rest()
    void clock.sleep(86_400_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
  const late = setTimeout(() => child.kill(), 20_000)

  const [code] = await once(child, 'exit')
  clearTimeout(late)

  expect(code).toBe(0)
})
