import type { Comparison } from './comparison.ts'
import type { ContentMemory } from './content-memory.ts'
import { modelFiles, modelsIn, parentsIn, recordsNamedIn } from './our-paths.ts'
import type { Wish } from './wish.ts'

/** Knows what a weighing is going to ask for next. It only saves round trips: what it misses is read when it is asked for. */
export interface Foresight {
  weighing(comparison: Comparison): void
  companions(wishes: readonly Wish[]): readonly Wish[]
}

/** Changed files whose texts are looked through. */
const MOST_FILES = 50

export function openForesight(memory: ContentMemory): Foresight {
  const weighed: Comparison[] = []
  const foreseen = new Set<string>()
  /** Texts that were read of the files that the pull request changes. */
  const changedTexts = ({ files }: Comparison, sha: string) =>
    files.slice(0, MOST_FILES).flatMap(({ path }) => {
      const oid = memory.entry(sha, path)?.oid
      const bytes = oid === undefined ? undefined : memory.blob(oid)
      return bytes === undefined ? [] : [{ path, text: new TextDecoder().decode(bytes) }]
    })
  /** A file whose name is known is asked for by its object id; what is read already, not at all. */
  const unread = (wish: Wish): readonly Wish[] => {
    if (wish.kind === 'blob' || wish.kind === 'touched') return [wish]
    const entry = memory.entry(wish.sha, wish.path)
    if (entry === undefined) return [wish]
    const isRead =
      wish.kind === 'folder' || entry === null || entry.type !== 'blob' || memory.blob(entry.oid) !== undefined
    return isRead || memory.isNoText(entry.oid) ? [] : [{ kind: 'blob', oid: entry.oid }]
  }
  return {
    weighing: (comparison) => {
      if (!weighed.includes(comparison)) weighed.push(comparison)
    },
    companions: (wishes) => weighed.flatMap((of) => ahead(of, wishes)),
  }

  function ahead(of: Comparison, wishes: readonly Wish[]): readonly Wish[] {
    const asked = wishes.flatMap((wish) => (wish.kind === 'blob' ? [] : [wish.path]))
    const fresh = modelsIn(asked).filter((model) => !foreseen.has(`${of.base} ${model}`))
    for (const model of fresh) foreseen.add(`${of.base} ${model}`)
    const head = changedTexts(of, of.head)
    const texts = [...head, ...changedTexts(of, of.base)].map(({ text }) => text)
    const models = new Set([...modelsIn([...asked, ...of.files.map(({ path }) => path)]), ...fresh])
    const likely = [
      ...fresh.flatMap((model) => modelFiles(of.base, model)),
      ...[...models].flatMap((model) => recordsNamedIn(texts, of.base, model)),
      ...parentsIn(head, of.base),
    ]
    return likely.flatMap(unread)
  }
}
