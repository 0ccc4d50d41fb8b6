import type { Place } from '../registry/mistake.ts'

/** The place of an offset in one text. */
export type PlaceIndex = (offset: number) => Place

/** Finds places by bisection; line starts are looked for once, and only when a place is asked for. */
export function placeIndex(path: string, text: string): PlaceIndex {
  let starts: readonly number[] | undefined
  return (offset) => {
    starts ??= [0, ...Array.from(text.matchAll(/\n/g), (match) => match.index + 1)]
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { path, line: low + 1, column: offset - starts[low]! + 1 }
  }
}
