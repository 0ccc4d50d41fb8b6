import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

/** What stands in a golden file; `UPDATE_GOLDEN=1` writes it anew, on purpose. */
export function expectGolden(name: string, text: string): void {
  const path = new URL(`golden/${name}`, import.meta.url)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text)
  expect(existsSync(path), `${name} is missing: UPDATE_GOLDEN=1 npm run unit -- test/report`).toBe(true)
  expect(text).toBe(readFileSync(path, 'utf8'))
}
