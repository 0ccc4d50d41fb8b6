import { execFileSync } from 'node:child_process'

/** Programs that tests use as independent judges, and the Debian package that brings each. */
const NEEDED = [
  { program: 'cmark-gfm', asked: ['--version'], debian: 'cmark-gfm', judges: 'Markdown as GitHub reads it' },
]

/** Before the first test: installs what is missing where it may, and says plainly what is left out where it may not. */
export default function setup(): void {
  for (const { program, asked, debian, judges } of NEEDED) {
    if (runs(program, asked)) continue
    if (process.getuid?.() === 0 && install(debian) && runs(program, asked)) continue
    console.warn(
      `${program} is not here, so the tests of ${judges} are left out. Install it: apt-get install ${debian}`,
    )
  }
}

function install(debian: string): boolean {
  const get = [
    '-qq',
    '-y',
    '--no-install-recommends',
    '-o',
    'DPkg::Lock::Timeout=120',
    '-o',
    'Acquire::http::Timeout=20',
    '-o',
    'Acquire::Retries=1',
  ]
  return (
    runs('apt-get', [...get, 'install', debian]) ||
    (runs('apt-get', ['-qq', 'update']) && runs('apt-get', [...get, 'install', debian]))
  )
}

function runs(program: string, asked: readonly string[]): boolean {
  try {
    execFileSync(program, [...asked], {
      stdio: 'ignore',
      timeout: 120_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    return true
  } catch {
    return false
  }
}
