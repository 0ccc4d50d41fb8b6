// Installs what the asked command needs beside the sources of the Action, unless it lies there already: pinned by
// package-lock.json, no script of any package run. DuckDB and the ONNX runtime take most of the room (some 700 MB), so
// they come only for commands that read tables or run models.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const NATIVE = ['@duckdb/node-api', 'onnxruntime-node']

const { WEIGHBRIDGE_COMMAND: command, WEIGHBRIDGE_NATIVE: asked, WEIGHBRIDGE_NEED_NATIVE: needing = '' } = process.env
const needsNative = asked === 'true' || needing.split(' ').includes(command ?? '')
const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const wanted = [
  ...Object.entries(dependencies),
  ...(needsNative ? NATIVE.map((name) => [name, optionalDependencies[name]]) : []),
]

if (!wanted.every(([name, version]) => isThere(name, version))) install()

/** In the folder itself, or above it where a package manager has put it. */
function isThere(name, version) {
  for (let folder = ROOT; ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).version === version
    if (folder === dirname(folder)) return false
  }
}

function install() {
  const options = ['--omit=dev', '--ignore-scripts', ...(needsNative ? [] : ['--omit=optional'])]
  console.log(`Installing${needsNative ? ', with DuckDB and the ONNX runtime' : ''}: npm ci ${options.join(' ')}`)
  const isWindows = process.platform === 'win32'
  const npm = spawnSync(isWindows ? 'npm.cmd' : 'npm', ['ci', ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: isWindows,
  })
  if (npm.status === 0) return
  console.log(`::error title=weighbridge::npm ci failed: is the registry of npm reachable from this runner?`)
  process.exit(1)
}
