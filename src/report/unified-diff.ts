const CONTEXT = 3
/** Longer stretches are shown as replaced whole; edits of ours change a line or two. */
const MOST_COMPARED = 2_000

type Line = { readonly sign: ' ' | '-' | '+'; readonly text: string }

/**
 * What an edit changes, as `git diff` shows it: three lines around each change.
 *
 * @param path  stands in both headings; what people could not see in it has no place in a path of ours
 * @returns lines without line ends; none where nothing changed
 * @example unifiedDiff('a.yml', 'v: 1\n', 'v: 2\n').slice(2) // => ['@@ -1,1 +1,1 @@', '-v: 1', '+v: 2']
 */
export function unifiedDiff(path: string, before: string, after: string): readonly string[] {
  if (before === after) return []
  const lines = comparedLines(linesOf(before), linesOf(after))
  return [`--- a/${path}`, `+++ b/${path}`, ...hunks(lines)]
}

const NO_LAST_BREAK = '\\ No newline at end of file'

/** A last line without its break differs from one that has it. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  const last = lines.pop()
  return last === '' || last === undefined ? lines : [...lines, `${last}\n${NO_LAST_BREAK}`]
}

function comparedLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  const most = Math.min(before.length, after.length) - head
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const middle = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)] as const
  const same = (text: string): Line => ({ sign: ' ', text })
  return [...before.slice(0, head).map(same), ...changed(...middle), ...before.slice(before.length - tail).map(same)]
}

/** The longest common lines stay, by the table of their lengths from each place to the end. */
function changed(before: readonly string[], after: readonly string[]): readonly Line[] {
  const removed = before.map((text): Line => ({ sign: '-', text }))
  const added = after.map((text): Line => ({ sign: '+', text }))
  if (before.length * after.length > MOST_COMPARED ** 2) return [...removed, ...added]
  const longest = commonFrom(before, after)
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push({ sign: ' ', text: before[i]! })
      i++
      j++
    } else if (longest(i + 1, j) >= longest(i, j + 1)) lines.push(removed[i++]!)
    else lines.push(added[j++]!)
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)]
}

function commonFrom(before: readonly string[], after: readonly string[]): (i: number, j: number) => number {
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
  return (i, j) => lengths[i * width + j]!
}

function hunks(lines: readonly Line[]): readonly string[] {
  const near = new Uint8Array(lines.length)
  lines.forEach(({ sign }, at) => {
    if (sign !== ' ') near.fill(1, Math.max(0, at - CONTEXT), at + CONTEXT + 1)
  })
  const said: string[] = []
  let [old, now] = [1, 1]
  for (let at = 0; at < lines.length; ) {
    let end = at
    while (end < lines.length && near[end] === near[at]) end++
    const part = lines.slice(at, end)
    const [from, to] = (['+', '-'] as const).map((sign) => part.filter((line) => line.sign !== sign).length)
    if (near[at] === 1) said.push(`@@ -${old},${from} +${now},${to} @@`, ...part.flatMap(shownLine))
    old += from!
    now += to!
    at = end
  }
  return said
}

function shownLine({ sign, text }: Line): readonly string[] {
  return `${sign}${text}`.split('\n')
}
