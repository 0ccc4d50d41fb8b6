import { execFileSync } from 'node:child_process'

/** Programs that tests use as independent judges, and the Debian package that brings each. */
interface Needed {
  readonly program: string
  readonly asked: readonly string[]
  readonly debian: readonly string[]
  readonly judges: string
  /** Large: only installed where everything is tested. */
  readonly isLarge?: true
}

const NEEDED: readonly Needed[] = [
  { program: 'cmark-gfm', asked: ['--version'], debian: ['cmark-gfm'], judges: 'Markdown as GitHub reads it' },
  {
    program: '/usr/bin/python3',
    asked: ['-c', 'import torch, onnx'],
    debian: ['python3-torch', 'python3-onnx'],
    judges: "the example's training code",
    isLarge: true,
  },
]

/** Before the first test: installs what is missing where it may, and says plainly what is left out where it may not. */
export default function setup(): void {
  for (const { program, asked, debian, judges, isLarge } of NEEDED) {
    if (runs(program, asked)) continue
    const mayInstall = process.getuid?.() === 0 && (isLarge !== true || process.env.WEIGHBRIDGE_DEEP !== undefined)
    if (mayInstall && install(debian) && runs(program, asked)) continue
    console.warn(`The tests of ${judges} are left out: they need apt-get install ${debian.join(' ')}`)
  }
}

function install(debian: readonly string[]): boolean {
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
    runs('apt-get', [...get, 'install', ...debian]) ||
    (runs('apt-get', ['-qq', 'update']) && runs('apt-get', [...get, 'install', ...debian]))
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
