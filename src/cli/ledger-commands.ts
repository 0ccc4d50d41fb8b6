import type { CommandSpec } from './command.ts'

/** Commands about the ledger's branch, in the order of the help. */
export const LEDGER_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'audit',
    about: 'Shows what the ledger says of a model; "audit verify" says whether it can be believed.',
    positionals: [{ name: 'model|verify', required: false }],
    options: {
      environment: { type: 'string', value: 'NAME', about: 'Only lines of this environment.' },
      kind: { type: 'string', value: 'KIND', about: 'Only lines of this kind, such as quarantined.' },
      since: { type: 'string', value: 'TIME', about: 'Only lines since then, ISO 8601.' },
      csv: { type: 'boolean', about: 'Rows for a spreadsheet; nothing in them runs as a formula.' },
      keys: {
        type: 'string',
        value: 'FILE',
        about: "verify: the operator's public keys; default: those that the branch lists.",
      },
      store: {
        type: 'string',
        value: 'PLACE',
        about: 'verify: compare with the mirror in store.evidence, s3://bucket/prefix or a folder.',
      },
      ref: { type: 'string', value: 'REF', about: 'Where the ledger is read; default origin/weighbridge/ledger.' },
    },
    examples: [
      'weighbridge audit churn --environment production',
      'weighbridge audit --kind quarantined --csv > quarantined.csv',
      'weighbridge audit verify --keys operator.yml --store s3://acme-weighbridge/evidence',
    ],
    load: () => import('./audit.ts'),
  },
  {
    name: 'ledger',
    about: 'Makes the key that signs the ledger, or rebuilds its branch from the mirror.',
    positionals: [{ name: 'keys|restore', required: true }],
    options: {
      out: { type: 'string', value: 'FILE', about: 'keys: the private key; default weighbridge-ledger.pem.' },
      from: {
        type: 'string',
        value: 'PLACE',
        about: 'restore: the mirror, store.evidence: s3://bucket/prefix or a folder.',
      },
      keys: { type: 'string', value: 'FILE', about: "restore: the operator's public keys." },
      key: { type: 'string', value: 'FILE', about: 'restore: the private key, to sign the rebuilt branch.' },
      ledger: {
        type: 'string',
        value: 'ID',
        about: "restore: the repository's id on GitHub; default: as the branch says.",
      },
      'dry-run': { type: 'boolean', about: 'restore: say what is in the mirror, write nothing.' },
    },
    examples: [
      'weighbridge ledger keys --out ledger.pem',
      'weighbridge ledger restore --from s3://acme-weighbridge/evidence --keys operator.yml --key ledger.pem',
    ],
    load: () => import('./ledger.ts'),
  },
]
