import type { CommandSpec } from '../command.ts'
import { MEASURING_OPTIONS } from './options.ts'

export const MERGE_PROFILES_COMMAND: CommandSpec = {
  name: 'merge-profiles',
  about: 'Merges profiles of partitions into the profile of the whole, in any order.',
  positionals: [{ name: 'profile', required: true, isMany: true }],
  options: {
    out: { type: 'string', value: 'FILE', about: 'Where the merged profile is written: a file, or s3://.' },
    html: MEASURING_OPTIONS.html!,
  },
  examples: [
    'weighbridge merge-profiles monday.json tuesday.json --out week.json',
    "weighbridge merge-profiles 'part-*.json' --out all.json",
    "weighbridge merge-profiles 's3://acme-data/profiles/2026-11-*.json' --out month.json",
  ],
  load: () => import('./merge-profiles.ts'),
}
