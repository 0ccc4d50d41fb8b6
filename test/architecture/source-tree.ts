import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vitest/node'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A node of the syntax tree, as far as these tests look at it. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

export interface Import {
  readonly from: string
  /** `import type`, or every name in it is a type: nothing of it is left when the program runs. */
  readonly onlyTypes: boolean
}

/** An exported function or constant with the comment above it. */
export interface Exported {
  readonly name: string
  readonly isFunction: boolean
  readonly docstring: string | null
}

export interface SourceFile {
  /** From the repository's root: `src/gates/freeze.ts`. */
  readonly path: string
  /** `gates` for `src/gates/freeze.ts`, `ports` for `src/ports.ts`. */
  readonly room: string
  readonly text: string
  readonly lines: number
  readonly imports: readonly Import[]
  readonly exports: readonly Exported[]
  readonly nodes: readonly SyntaxNode[]
}

/** Every TypeScript file below src, parsed. */
export function sourceFiles(): readonly SourceFile[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => parsed(`src/${path.replaceAll('\\', '/')}`))
}

function parsed(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const program = parseAst(text, { lang: 'ts' }) as unknown as { readonly body: readonly SyntaxNode[] }
  const nodes = program.body.flatMap((node) => [...below(node)])
  return {
    path,
    room: roomOf(path),
    text,
    lines: text.trimEnd().split('\n').length,
    imports: nodes.flatMap((node) => importOf(node)),
    exports: exportsOf(text, program.body),
    nodes,
  }
}

/** `gates` for `src/gates/freeze.ts`, `cli` for `src/cli.ts`. */
export function roomOf(path: string): string {
  return /^src\/([^/.]+)/.exec(path)?.[1] ?? path
}

function* below(node: SyntaxNode): Generator<SyntaxNode> {
  yield node
  for (const child of Object.values(node)) {
    for (const one of Array.isArray(child) ? child : [child]) if (isNode(one)) yield* below(one)
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string'
}

const IMPORTING = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression']

function importOf(node: SyntaxNode): readonly Import[] {
  const source = node.source
  if (!IMPORTING.includes(node.type) || !isNode(source) || typeof source.value !== 'string') return []
  const names = (node.specifiers ?? []) as readonly SyntaxNode[]
  const kind = (one: SyntaxNode) => one.importKind ?? one.exportKind
  return [
    {
      from: source.value,
      onlyTypes: kind(node) === 'type' || (names.length > 0 && names.every((name) => kind(name) === 'type')),
    },
  ]
}

function exportsOf(text: string, body: readonly SyntaxNode[]): readonly Exported[] {
  return body.flatMap((node, index) => {
    const declaration = node.declaration
    if (node.type !== 'ExportNamedDeclaration' || !isNode(declaration)) return []
    const docstring = commentBefore(text.slice(body[index - 1]?.end ?? 0, node.start))
    if (declaration.type === 'FunctionDeclaration')
      return [{ name: nameOf(declaration.id), isFunction: true, docstring }]
    if (declaration.type !== 'VariableDeclaration') return []
    return (declaration.declarations as readonly SyntaxNode[]).map((variable) => ({
      name: nameOf(variable.id),
      isFunction: isNode(variable.init) && variable.init.type === 'ArrowFunctionExpression',
      docstring,
    }))
  })
}

function nameOf(node: unknown): string {
  return isNode(node) && typeof node.name === 'string' ? node.name : ''
}

/** The docstring that ends where the next statement begins; null when there is none. */
function commentBefore(between: string): string | null {
  const start = between.lastIndexOf('/**')
  return start >= 0 && between.trimEnd().endsWith('*/') ? between.slice(start).trim() : null
}

/** The file that a relative import means, from the repository's root; null for a package or a Node built-in. */
export function importedFile(file: SourceFile, { from }: Import): string | null {
  if (!from.startsWith('.')) return null
  return relative(ROOT, resolve(ROOT, dirname(file.path), from)).replaceAll('\\', '/')
}
