import { categoryBuilder, LONGEST_VALUE } from './category-counts.ts'
import type { CategoryProfile } from './column-profile.ts'
import { hashOfText } from './hash64.ts'

export interface CategoryColumnBuilder {
  /**
   * @param codes   places in `values`, -1 for null
   * @param values  may grow from call to call as long as it is the same array
   */
  add(codes: Int32Array, values: readonly string[]): void
  profile(): CategoryProfile
}

/**
 * Profiles a column of categories in one pass.
 *
 * @example categoryColumn('plan', 'category').profile().rows // => 0
 */
export function categoryColumn(column: string, type: 'category' | 'boolean'): CategoryColumnBuilder {
  const counts = categoryBuilder()
  let [rows, missing] = [0, 0]
  let dictionary: readonly string[] = []
  let byCode = new Float64Array(256)
  const fold = () => {
    for (const [code, count] of byCode.subarray(0, dictionary.length).entries())
      if (count > 0) counts.add(shortValue(dictionary[code]!), count)
    byCode.fill(0)
  }
  return {
    add(codes, values) {
      if (values !== dictionary) {
        fold()
        dictionary = values
      }
      if (values.length > byCode.length) byCode = grown(byCode, values.length)
      for (const code of codes) {
        if (code < 0) missing++
        else byCode[code]! += 1
      }
      rows += codes.length
    },
    profile() {
      fold()
      return { kind: 'category', column, type, rows, missing, counts: counts.counts() }
    },
  }
}

function grown(counts: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(length, 2 * counts.length))
  larger.set(counts)
  return larger
}

/**
 * A text as profiles name it: itself, or a long one by its first 80 characters and a hash of all.
 *
 * Half of a character that takes two UTF-16 units has no form in a file, so it becomes the replacement character.
 *
 * @example shortValue('Private') // => 'Private'
 */
export function shortValue(value: string): string {
  const text = value.toWellFormed()
  if (text.length <= LONGEST_VALUE) return text
  const { high, low } = hashOfText(text)
  const hash = [high, low].map((word) => word.toString(16).padStart(8, '0')).join('')
  return `${text.slice(0, 80).toWellFormed()}... #${hash}`
}
