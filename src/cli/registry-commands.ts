import type { CommandSpec, OptionSpec } from './command.ts'

const REF: OptionSpec = { type: 'string', value: 'REF', about: 'Where the registry is read; default HEAD.' }
export const REGISTRY: OptionSpec = {
  type: 'string',
  value: 'DIR',
  about: 'A checkout of the repository that the configuration names under registry:.',
}
const DRY_RUN: OptionSpec = { type: 'boolean', about: 'Show the diff, write nothing.' }

/** Commands that ask the registry, or edit it in the working tree, in the order of the help. */
export const REGISTRY_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'list',
    about: 'Lists models, their versions and where they serve.',
    positionals: [],
    options: { ref: REF, registry: REGISTRY },
    examples: ['weighbridge list'],
    load: () => import('./list.ts'),
  },
  {
    name: 'show',
    about: 'Shows a model, or one version of it.',
    positionals: [{ name: 'model[@version]', required: true }],
    options: { ref: REF, registry: REGISTRY },
    examples: ['weighbridge show churn', 'weighbridge show churn@1.4.0 --json'],
    load: () => import('./show.ts'),
  },
  {
    name: 'history',
    about: 'Shows what each environment served of a model and when, from Git and from the ledger.',
    positionals: [
      { name: 'model', required: true },
      { name: 'environment', required: false },
    ],
    options: { ref: REF, registry: REGISTRY },
    examples: ['weighbridge history churn', 'weighbridge history churn production --json'],
    load: () => import('./history.ts'),
  },
  {
    name: 'compare',
    about: 'Two versions side by side: metrics with paired intervals, fairness, importance, drift, size, parameters.',
    positionals: [
      { name: 'model@version', required: true },
      { name: '[model@]version', required: true },
    ],
    options: {
      latency: { type: 'boolean', about: 'Time calls of both in turns, too.' },
      html: { type: 'string', value: 'FILE', about: 'Write one self-contained page.' },
      ref: REF,
      registry: REGISTRY,
    },
    examples: [
      'weighbridge compare churn@1.3.0 1.4.0',
      'weighbridge compare churn@1.3.0 churn@1.4.0 --html compare.html',
    ],
    load: () => import('./compare.ts'),
  },
  {
    name: 'search',
    about: 'Finds versions by metrics, parameters, labels, cost: a metric says whether it was measured or is claimed.',
    positionals: [{ name: 'expression', required: true }],
    options: {
      limit: { type: 'string', value: 'NUMBER', about: 'Rows to show, or all; default 50, with --json all.' },
      ref: REF,
      registry: REGISTRY,
    },
    examples: [
      "weighbridge search 'roc_auc > 0.9'",
      `weighbridge search 'name == "churn" && parameters.epochs <= 30 && "production" in serves'`,
    ],
    load: () => import('./search.ts'),
  },
  {
    name: 'lineage',
    about: 'Shows where a version comes from and where it went; with --data, which versions a data set went into.',
    positionals: [{ name: 'model@version', required: false }],
    options: {
      data: { type: 'string', value: 'DATA', about: 'A digest, a URI, a folder that ends in /, or a DVC pointer.' },
      ref: REF,
      registry: REGISTRY,
    },
    examples: [
      'weighbridge lineage churn@1.4.0',
      'weighbridge lineage --data s3://acme-data/churn/train-2026-10.parquet',
    ],
    load: () => import('./lineage.ts'),
  },
  {
    name: 'promote',
    about: 'Edits the manifest by which an environment serves a version: two values, nothing else of the file.',
    positionals: [
      { name: 'model[@version]', required: true },
      { name: 'environment', required: true },
    ],
    options: { 'dry-run': DRY_RUN, registry: REGISTRY },
    examples: ['weighbridge promote churn@1.4.0 staging', 'weighbridge promote churn production --dry-run'],
    load: () => import('./promote.ts'),
  },
  {
    name: 'retire',
    about: 'Retires a version in its model.yml; refused while any environment serves it.',
    positionals: [{ name: 'model@version', required: true }],
    options: {
      reason: { type: 'string', value: 'TEXT', required: true, about: 'Why, in one line.' },
      'dry-run': DRY_RUN,
      registry: REGISTRY,
    },
    examples: ['weighbridge retire churn@1.1.0 --reason "superseded by 1.4.0"'],
    load: () => import('./retire.ts'),
  },
]
