/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const COMMANDS = [
  '/help',
  '/status churn',
  '/train churn learning_rate=0.02 epochs=30',
  '/train churn x="a b" seed=7',
  '/tune churn trials=16 parallel=4',
  '/cancel',
  '/promote churn@1.4.0 production',
  '/compare churn@1.3.0 churn@1.4.0',
  '/weigh metrics',
  '/explain fairness',
  '/waive fairness until=7d reason="late labels"',
  '/hold reason="wait"',
  '/hold reason=“wait a bit”',
  '/unhold',
  '/freeze production until=2026-12-27 reason="holidays"',
  '/unfreeze production',
  '/retire churn@1.2.0 reason="x"',
  '/rollback churn production',
  '/trian churn',
  '/lgtm',
  '/usr/bin/python',
  '\\/help',
]
const OPENERS = [
  '> ',
  '>',
  '- ',
  '1. ',
  '* ',
  '+ ',
  '    ',
  '\t',
  '   ',
  ' ',
  '# ',
  '| ',
  '- [ ] ',
  '[^1]: ',
  '`',
  '``',
  '*',
  '**',
  '_',
  '~~',
  '~',
  '$',
  '[',
  '![',
  '<b>',
  '<!-- ',
  '$$',
  '\\',
  '@dana ',
  '\u200b',
  '\u202e',
  '\u00a0',
  '\ufeff',
  '\u0000',
]
const CLOSERS = [
  '`',
  '``',
  '*',
  '**',
  '_',
  '~~',
  '~',
  '$',
  '](x)',
  ']',
  '</b>',
  ' -->',
  '$$',
  '  ',
  '\\',
  ' |',
  '"',
  '\u200b',
  '\u2028',
  ';rm -rf /',
  '$(id)',
  '`id`',
  '\u0007',
  ' --force',
  ' x=../../etc',
]
const LINES = [
  '',
  '',
  '```',
  '~~~',
  '````text',
  '---',
  '===',
  '***',
  '<details>',
  '</details>',
  '<summary>x</summary>',
  '<div>',
  '</div>',
  '<!--',
  '-->',
  '<pre>',
  '</pre>',
  '<script>',
  '</script>',
  '<br>',
  '|a|b|',
  '|-|-|',
  'a | b',
  '- | -',
  '[ref]: /url "title"',
  '[ref]:',
  '[^1]: note',
  'some words *of* prose',
  'a `b',
  'c` d',
  '*open',
  'so ~much',
  'done~ then',
  'shut*',
  '[link',
  '](y)',
  '&#47;help',
  '<model>',
  '💥 привет שלום',
  '$$',
  '\t',
  '    code',
]
const ENDS = ['\n', '\n', '\n', '\n', '\r\n', '\r']

function one<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!
}

/** A piece of text that nobody thought of. */
function noise(random: Random): string {
  const length = Math.floor(random() * 8)
  return Array.from({ length }, () => {
    const kind = random()
    if (kind < 0.5) return String.fromCharCode(32 + Math.floor(random() * 95))
    return kind < 0.8 ? one(random, ['/', '<', '>', '`', '"', '\\', '=', '@', '*', '[', ']', '-']) : ofAnyScript(random)
  }).join('')
}

/** Any code unit: halves of pairs too. */
function ofAnyScript(random: Random): string {
  return String.fromCharCode(Math.floor(random() * 0x1_0000))
}

function line(random: Random): string {
  const kind = random()
  if (kind < 0.35) return one(random, LINES)
  const command = one(random, COMMANDS)
  if (kind < 0.55) return command
  if (kind < 0.7) return one(random, OPENERS) + command
  if (kind < 0.8) return command + one(random, CLOSERS)
  if (kind < 0.9) return one(random, OPENERS) + command + one(random, CLOSERS)
  return kind < 0.95 ? command.slice(0, Math.floor(random() * command.length)) + noise(random) : noise(random)
}

/** A comment of up to a dozen lines: commands, Markdown, HTML and characters that nobody sees, mixed. */
export function commentOf(random: Random): string {
  const length = 1 + Math.floor(random() * 12)
  return Array.from({ length }, () => line(random) + one(random, ENDS)).join('')
}
