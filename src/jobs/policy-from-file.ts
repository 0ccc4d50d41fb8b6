import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Composed, composePolicy } from '../policy/compose.ts'
import { type PolicyFile, policyKind } from '../policy/policy-file.ts'
import { Unavailable } from '../ports.ts'
import { readFile as readKind } from '../registry/file-kind.ts'
import type { Mistake } from '../registry/mistake.ts'
import { readSourceText } from '../registry/source-text.ts'

/**
 * The policy of a file on the command line, with shipped ones and its neighbours to extend.
 *
 * @returns mistakes instead, when the file or the composition has any
 */
export async function policyFromFile(
  path: string | null,
  shipped: ReadonlyMap<string, PolicyFile>,
): Promise<{ readonly composed: Composed } | { readonly mistakes: readonly Mistake[] }> {
  if (path === null) return { composed: composePolicy({ files: new Map(), shipped, use: ['weighbridge/baseline'] }) }
  const names = (await readdir(dirname(path)).catch(() => [])).filter((name) => /\.ya?ml$/.test(name))
  const asked = basename(path)
  const files = new Map<string, PolicyFile>()
  const mistakes: Mistake[] = []
  for (const name of new Set([asked, ...names])) {
    const bytes = await readFile(join(dirname(path), name)).catch(() => null)
    if (bytes === null && name === asked)
      throw new Unavailable(
        'missing',
        `there is no policy ${path}`,
        'Check the path, or leave --policy out for weighbridge/baseline.',
      )
    if (bytes === null) continue
    const source = readSourceText(name, bytes)
    const reading = source.ok
      ? readKind(policyKind, `policies/${name}`, source.text)
      : { ok: false as const, mistakes: source.mistakes }
    if (reading.ok)
      files.set(`policies/${name}`, {
        path: `policies/${name}`,
        policy: reading.value,
        place: (field) => reading.place(field),
      })
    else if (name === asked) mistakes.push(...reading.mistakes)
  }
  if (mistakes.length > 0) return { mistakes }
  const composed = composePolicy({ files, shipped, use: [`policies/${asked}`] })
  const errors = composed.mistakes.filter((mistake) => mistake.severity === 'error')
  return errors.length > 0 ? { mistakes: errors } : { composed }
}
