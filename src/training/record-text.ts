import type { VersionRecord } from '../registry/record.ts'

/** Where `weighbridge init` puts the schemas, seen from `models/<model>/versions/`. */
const SCHEMA_LINE = '# yaml-language-server: $schema=../../../.github/weighbridge/version.schema.json'

/** In this order people read a record; each on lines of its own, what is in them in one. */
const KEYS = [
  'model',
  'version',
  'format',
  'labels',
  'created',
  'artifact',
  'files',
  'features',
  'signature',
  'classes',
  'threshold',
  'evaluation',
  'training',
  'parent',
] as const satisfies readonly (keyof VersionRecord)[]

/** Words that are a string to no reader of YAML 1.1 or 1.2. */
const NO_STRINGS = /^(true|false|yes|no|on|off|y|n|null|nan|inf)$/i
const PLAIN = /^[A-Za-z][A-Za-z0-9_-]*$/
const PLAIN_VERSION = /^\d+\.\d+\.\d+(-[0-9a-z.-]+)?$/

/**
 * A version record as its file: the same text for the same record, with the line by which editors find its schema.
 *
 * @returns YAML, ends in a line end; reads back as exactly this record
 * @example recordText({ model: 'churn' }).split('\n')[1] // => 'model: churn'
 */
export function recordText(record: VersionRecord): string {
  const lines = KEYS.flatMap((key) => (record[key] === undefined ? [] : entry(key, record[key])))
  return `${[SCHEMA_LINE, ...lines].join('\n')}\n`
}

const BLOCKS = ['signature', 'evaluation', 'training']

function entry(key: string, value: unknown): readonly string[] {
  if (key === 'files') return [`${key}:`, ...(value as readonly unknown[]).map((one) => `  - ${flow(one)}`)]
  if (!BLOCKS.includes(key)) return [`${key}: ${flow(value)}`]
  return [
    `${key}:`,
    ...Object.entries(value as object).flatMap(([name, one]) => (one === undefined ? [] : [`  ${name}: ${flow(one)}`])),
  ]
}

/** One line, as JSON but for strings that need no quotes. */
function flow(value: unknown): string {
  if (typeof value === 'string') return scalar(value)
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).flatMap(([key, one]) =>
    one === undefined ? [] : [`${scalar(key)}: ${flow(one)}`],
  )
  return `{${members.join(', ')}}`
}

function scalar(text: string): string {
  const isPlain = PLAIN.test(text) && !NO_STRINGS.test(text)
  return isPlain || PLAIN_VERSION.test(text) ? text : quoted(text)
}

/** JSON is YAML, but for the line ends that JSON leaves as they are. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (hidden) => {
    return `\\u${hidden.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
