import type { RepositoryHandle } from '../repository-handle.ts'

const LEDGER_BRANCH = 'weighbridge/ledger'

/** Every line of the ledger's branch, as plain JSON; whether they are signed is not looked at here. */
export async function ledgerLines(repository: RepositoryHandle): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const paths = (await repository.paths(LEDGER_BRANCH)).filter((path) => path.endsWith('.jsonl'))
  const texts = await Promise.all(paths.map((path) => repository.file(path, LEDGER_BRANCH)))
  const lines = texts.flatMap((text) => (text ?? '').split('\n')).filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
}
