import type { Complaint } from './schema-mistakes.ts'
import { spellCodePoint } from './source-text.ts'

/** Letters of other scripts that most fonts draw like a Latin one: the common ones of Cyrillic, Greek and Armenian. */
const DRAWN_ALIKE = new Map(
  Object.entries({
    a: 'аα',
    b: 'Ь',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еҽ',
    g: 'ɡց',
    h: 'һհ',
    i: 'іιɩ',
    j: 'јϳ',
    k: 'κ',
    l: 'ӏ',
    n: 'ո',
    o: 'оοօ',
    p: 'рρ',
    q: 'ԛզ',
    r: 'г',
    s: 'ѕ',
    u: 'υսʋ',
    v: 'νѵ',
    w: 'ѡԝա',
    x: 'хχ',
    y: 'уγү',
    z: 'ᴢ',
    A: 'АΑ',
    B: 'ВΒ',
    C: 'СϹ',
    E: 'ЕΕ',
    H: 'НΗ',
    I: 'ІΙӀ',
    J: 'Ј',
    K: 'КΚ',
    M: 'МΜ',
    N: 'Ν',
    O: 'ОΟՕ',
    P: 'РΡ',
    S: 'ЅՏ',
    T: 'ТΤ',
    U: 'Ս',
    X: 'ХΧ',
    Y: 'УΥҮ',
    Z: 'Ζ',
  }).flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
)

/**
 * A name as the eye reads it: two names with one skeleton look alike.
 *
 * Compatibility forms are folded (NFKC), then letters that are drawn alike become the Latin one.
 *
 * @see Unicode Technical Standard 39, section 4 (a small part of its confusables)
 */
export function skeleton(name: string): string {
  return [...name.normalize('NFKC')].map((letter) => DRAWN_ALIKE.get(letter) ?? letter).join('')
}

/** `sеx (U+0435)`: a name in NFC with its non-ASCII code points spelled out beside it, twelve at most. */
export function spellOut(name: string): string {
  const strange = [...name].filter((letter) => letter.codePointAt(0)! > 0x7e).slice(0, 12)
  const shown = name.normalize('NFC')
  if (strange.length === 0) return shown
  return `${shown} (${strange.map((letter) => spellCodePoint(letter.codePointAt(0)!)).join(' ')})`
}

export interface NamedAt {
  readonly name: string
  readonly path: Complaint['path']
}

/**
 * Names that people would take for one another though their bytes differ, and names that read as plain ASCII and are not.
 * The first is an error: a gate would judge another column than the reviewer read.
 */
export function lookAlikeComplaints(names: readonly NamedAt[]): readonly Complaint[] {
  const first = new Map<string, string>()
  const complaints: Complaint[] = []
  for (const { name, path } of names) {
    const drawn = skeleton(name)
    const other = first.get(drawn)
    if (other !== undefined && other !== name) {
      const what = `${spellOut(name)} looks like ${spellOut(other)} and is another name`
      complaints.push({
        path,
        part: 'value',
        what,
        mend: 'Write the one you mean, the same everywhere.',
        severity: 'error',
      })
    } else if (drawn !== name && /^[\x20-\x7e]+$/.test(drawn)) {
      const what = `${spellOut(name)} looks like ${drawn} and is another name`
      complaints.push({ path, part: 'value', what, mend: `If you mean ${drawn}, type it anew.`, severity: 'warning' })
    }
    if (other === undefined) first.set(drawn, name)
  }
  return complaints
}
