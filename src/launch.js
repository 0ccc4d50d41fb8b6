#!/usr/bin/env node
// Plain JavaScript that any Node can read: finds a Node that is new enough, then starts the command line.
// A checkout runs its TypeScript sources (Node 24 strips types); a published package runs dist.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants, homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
/** A step of a workflow comes in by a door of its own. */
const door = process.argv[2] === '--action' ? 'action' : 'cli'
const source = new URL(`./${door}.ts`, import.meta.url)
const entry = existsSync(source) ? source : new URL(`../dist/src/${door}.js`, import.meta.url)

/** For a server glibc hoards what it has freed: few arenas and a fixed threshold give it back to the machine. */
const THRIFT = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' }
const isServer = process.argv[2] === 'serve' && process.platform === 'linux'
const env = isServer ? { ...THRIFT, ...process.env } : process.env

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  // malloc reads its settings as the process begins, so it begins once more, with the same id and files
  if (isServer && process.env.MALLOC_ARENA_MAX === undefined && typeof process.execve === 'function')
    process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], env)
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(cacheFolder())
  const { main } = await import(entry.href)
  await main(process.argv.slice(2))
} else {
  startWithOwnNode()
}

/** Compiled code is trusted, so it lies where only its owner writes: never in a temporary folder that others share. */
function cacheFolder() {
  const { NODE_COMPILE_CACHE: asked, XDG_CACHE_HOME: shared = '' } = process.env
  return asked || join(isAbsolute(shared) ? shared : join(homedir(), '.cache'), 'weighbridge')
}

function startWithOwnNode() {
  const node = ownNode()
  if (node === null) {
    console.error(
      `weighbridge needs Node ${NEEDED} or later; this is ${process.version}. Install it, or run npm ci in a checkout.`,
    )
    process.exit(2)
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

/** The Node that npm installed beside us, wherever it has put it; null when there is none for this machine. */
function ownNode() {
  const windows = process.platform === 'win32'
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`
  try {
    const { resolve } = createRequire(import.meta.url)
    const file = join(dirname(resolve(`${name}/package.json`)), 'bin', windows ? 'node.exe' : 'node')
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}
