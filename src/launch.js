#!/usr/bin/env node
// Plain JavaScript that any Node can read: finds a Node that is new enough, then starts the command line.
// A checkout runs its TypeScript sources (Node 24 strips types); a published package runs dist.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
const source = new URL('./cli.ts', import.meta.url)
const entry = existsSync(source) ? source : new URL('../dist/src/cli.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  const { main } = await import(entry.href)
  await main(process.argv.slice(2))
} else {
  startWithOwnNode()
}

function startWithOwnNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const bundled = fileURLToPath(new URL(`../node_modules/node-${platform}-${process.arch}/bin/node`, import.meta.url))
  if (!existsSync(bundled)) {
    console.error(
      `weighbridge needs Node ${NEEDED} or later; this is ${process.version}. Install it, or run npm ci in a checkout.`,
    )
    process.exit(2)
  }
  const child = spawn(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}
