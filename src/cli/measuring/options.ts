import type { OptionSpec } from '../command.ts'

/** Options that every measuring command takes. */
export const MEASURING_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  html: { type: 'string', value: 'FILE', about: 'Write one self-contained page with plots.' },
  memory: { type: 'string', value: 'MB', about: 'Memory that reading may take; default 512.' },
}
