import { setFlagsFromString } from 'node:v8'

/**
 * Asks V8 to collect garbage rather than to grow: left alone, it takes what memory the machine has to spare.
 *
 * With what `launch.js` tells glibc, the app's resident memory after 50 weighed promotions fell from up to 496 MB to
 * 188 MB at the same speed (Node 24.21, x86-64; `test/stories/github/speed.test.ts`). Nothing is capped, so work that
 * needs more gets it.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=30')
  setFlagsFromString('--semi-space-growth-factor=1')
}
