import type { Mistake } from './mistake.ts'

/** Files of ours end here; what is larger is refused before it is parsed. */
export const MAX_BYTES = 256 * 1024

export type SourceText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/**
 * Characters that people do not see or that move what they see: control (but tab and line break), bidirectional and
 * other format characters, zero-width ones, invisible fillers, Unicode line separators, lone surrogates. A variation
 * selector that only makes a pictograph colourful is let through.
 */
const UNSEEN =
  /(?![\n\t]|\r\n)\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}|(?<!\p{Extended_Pictographic})\u{FE0F}|(?!\u{FE0F})\p{Default_Ignorable_Code_Point}/gu
const SEEN_ASCII = /^[\t\n\x20-\x7e]*$/

/** Offset and name of each unseen character, ten at most. */
export function unseenCharacters(text: string): readonly { readonly offset: number; readonly what: string }[] {
  if (SEEN_ASCII.test(text)) return []
  const found = []
  for (const match of text.matchAll(UNSEEN)) {
    found.push({ offset: match.index, what: describe(match[0].codePointAt(0)!) })
    if (found.length === 10) break
  }
  return found
}

/** `U+202E` */
export function spellCodePoint(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
}

function describe(codePoint: number): string {
  const spelled = spellCodePoint(codePoint)
  if (/^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/u.test(String.fromCodePoint(codePoint))) {
    return `a bidirectional control character ${spelled}, which shows people another text than parsers read`
  }
  if (codePoint === 0x0d) return `a carriage return ${spelled} that ends a line for parsers and not for people`
  if (/^\p{Cc}$/u.test(String.fromCodePoint(codePoint))) return `a control character ${spelled}`
  if (codePoint === 0x2028 || codePoint === 0x2029) return `a line separator ${spelled}, which only some parsers obey`
  return `a zero-width or invisible character ${spelled}`
}

/** 1-based line and column (UTF-16 units, as editors and GitHub count) of an offset. */
export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1
  let start = 0
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', end + 1)) {
    line++
    start = end + 1
  }
  return { line, column: offset - start + 1 }
}

/** Which kind of pointer stands here instead of the file itself. */
export function pointerIn(text: string): 'Git LFS' | 'DVC' | null {
  if (text.startsWith('version https://git-lfs.github.com/spec/')) return 'Git LFS'
  if (/^(?:md5: [0-9a-f]{32}(?:\.dir)?\r?\n(?:frozen: \w+\r?\n)?)?outs:\r?\n- (?:md5|etag|hash|path|size): /.test(text))
    return 'DVC'
  return null
}

/**
 * Bytes of a file of ours as text, or every reason why they are refused.
 *
 * A file of ours is a plain file, UTF-8, at most 256 KB, without characters that people cannot see.
 *
 * @param mode  Git's mode when known: 120000 (link) and 160000 (submodule) are refused
 */
export function readSourceText(path: string, bytes: Uint8Array, mode?: string | null): SourceText {
  const refuse = (what: string, mend: string, place = { line: 1, column: 1 }): SourceText => ({
    ok: false,
    mistakes: [mistakeAt(path, place, what, mend)],
  })
  const kind = modeMistake(path, mode ?? null)
  if (kind !== null) return { ok: false, mistakes: [kind] }
  if (bytes.length > MAX_BYTES) {
    return refuse(
      `is ${bytes.length} bytes; files of ours hold at most ${MAX_BYTES} (256 KB)`,
      'Split it, or move what is not ours elsewhere.',
    )
  }
  const bom = byteOrderMark(bytes)
  if (bom !== null) return refuse(`begins with a byte order mark (${bom})`, 'Save the file as UTF-8 without BOM.')
  const text = decode(bytes)
  if (text === null) {
    const valid = longestValidText(bytes)
    return refuse('is not UTF-8 from here on', 'Save the file as UTF-8.', lineAndColumn(valid, valid.length))
  }
  const mistakes = textMistakes(path, text)
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, text }
}

/** Why a tree entry of this mode cannot be a file of ours, or null. */
export function modeMistake(path: string, mode: string | null): Mistake | null {
  const start = { line: 1, column: 1 }
  if (mode === '120000') return mistakeAt(path, start, 'is a symbolic link', 'Commit the file itself in its place.')
  if (mode === '160000') return mistakeAt(path, start, 'is a submodule', 'Commit the files themselves in its place.')
  return null
}

/** What `readSourceText` refuses in text that is already decoded. */
export function textMistakes(path: string, text: string): readonly Mistake[] {
  const start = { line: 1, column: 1 }
  if (text.length > MAX_BYTES) {
    return [
      mistakeAt(
        path,
        start,
        `is ${text.length} characters; files of ours hold at most ${MAX_BYTES} (256 KB)`,
        'Split it, or move what is not ours elsewhere.',
      ),
    ]
  }
  const pointer = pointerIn(text)
  if (pointer !== null) {
    const mend =
      pointer === 'DVC'
        ? 'Commit the file itself; .dvc files lie elsewhere.'
        : 'Commit the file itself: take it out of .gitattributes.'
    return [mistakeAt(path, start, `is a ${pointer} pointer, not the file`, mend)]
  }
  return unseenCharacters(text).map(({ offset, what }) =>
    mistakeAt(path, lineAndColumn(text, offset), `holds ${what}`, 'Delete the character.'),
  )
}

function mistakeAt(path: string, place: { line: number; column: number }, what: string, mend: string): Mistake {
  return { path, ...place, where: '', what, mend, severity: 'error' }
}

function byteOrderMark(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'U+FEFF'
  if ((a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe)) return 'UTF-16'
  return null
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Halves towards the first bad byte; a sequence cut by the probe itself is given up to three bytes of slack. */
function longestValidText(bytes: Uint8Array): string {
  const isValid = (end: number) =>
    [0, 1, 2, 3].some((cut) => cut <= end && decode(bytes.subarray(0, end - cut)) !== null)
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (isValid(middle)) low = middle
    else high = middle - 1
  }
  for (let cut = 0; cut <= 3 && cut <= low; cut++) {
    const text = decode(bytes.subarray(0, low - cut))
    if (text !== null) return text
  }
  return ''
}
