import type { CommandSpec } from './command.ts'
import { LEDGER_COMMANDS } from './ledger-commands.ts'
import { MEASURING_COMMANDS } from './measuring/commands.ts'
import { PLAN_COMMAND } from './plan-command.ts'
import { REGISTRY, REGISTRY_COMMANDS } from './registry-commands.ts'
import { TRAINING_COMMANDS } from './training-commands.ts'

/** Every command, in the order of the help. Loading one loads only what it needs. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'judge',
    about: 'Judges two prediction files by a policy: no registry, no ONNX, no account.',
    positionals: [],
    options: {
      candidate: { type: 'string', value: 'FILE', required: true, about: 'Predictions of the model that wants in.' },
      incumbent: {
        type: 'string',
        value: 'FILE',
        about: 'Predictions of the model that serves now, on the same rows.',
      },
      id: { type: 'string', value: 'COLUMN', about: 'Column that identifies a row in both files.' },
      label: { type: 'string', value: 'COLUMN', required: true, about: 'The true answer.' },
      score: { type: 'string', value: 'COLUMN', about: 'Probability of the positive class.' },
      'score-prefix': {
        type: 'string',
        value: 'PREFIX',
        about: 'Several classes: columns named by this and the class, such as score_.',
      },
      prediction: { type: 'string', value: 'COLUMN', about: 'The answer: a class, or the number of a regression.' },
      task: {
        type: 'string',
        value: 'TASK',
        choices: ['binary', 'multiclass', 'regression'],
        about: 'Default: multiclass with --score-prefix, binary with --score, else regression.',
      },
      positive: {
        type: 'string',
        value: 'VALUE',
        about: 'The label that counts as positive, default 1; of several classes the favourable one, for --sensitive.',
      },
      threshold: { type: 'string', value: 'NUMBER', about: 'prediction = score > threshold; default 0.5.' },
      sensitive: {
        type: 'string',
        value: 'COLUMN',
        multiple: true,
        about: 'Compare groups of this column; may be repeated.',
      },
      unit: {
        type: 'string',
        value: 'COLUMN',
        about: 'Rows of one unit belong together; intervals are then clustered.',
      },
      policy: { type: 'string', value: 'FILE', about: 'The rules; default weighbridge/baseline.' },
      markdown: { type: 'boolean', about: 'The check as GitHub shows it.' },
      html: { type: 'string', value: 'FILE', about: 'Write one self-contained page.' },
    },
    examples: [
      'weighbridge judge --incumbent old.csv --candidate new.csv --id row_id --label y --score p --sensitive sex',
    ],
    load: () => import('./judge.ts'),
  },
  {
    name: 'init',
    about: 'Starts a registry that validates and weighs at once.',
    positionals: [],
    makesFolder: true,
    options: {
      model: {
        type: 'string',
        value: 'NAME',
        about: 'Name of the first model; default: from the file, else "example".',
      },
      from: {
        type: 'string',
        value: 'FILE',
        about: 'Predictions of a candidate: columns, types and margins are fitted to them.',
      },
      incumbent: {
        type: 'string',
        value: 'FILE',
        about: 'Predictions of the model that serves now, on the same rows.',
      },
      id: { type: 'string', value: 'COLUMN', about: 'Column that identifies a row; default: guessed.' },
      label: { type: 'string', value: 'COLUMN', about: 'The true answer; needed with --from.' },
      score: { type: 'string', value: 'COLUMN', about: 'Probability of the positive class.' },
      prediction: { type: 'string', value: 'COLUMN', about: 'The answer of a regression.' },
      sensitive: {
        type: 'string',
        value: 'COLUMN',
        multiple: true,
        about: 'Compare groups of this column; may be repeated.',
      },
      time: { type: 'string', value: 'COLUMN', about: 'When a row happened.' },
      example: {
        type: 'boolean',
        about:
          'An example that trains: the adult registry with training code, workflows for /train and /tune, and data.',
      },
      'no-git': { type: 'boolean', about: 'Write files only: no repository, no commits.' },
    },
    examples: [
      'weighbridge init',
      'weighbridge init --example --repo adult',
      'weighbridge init --from new.csv --incumbent old.csv --label y --score p --sensitive sex',
    ],
    load: () => import('./init.ts'),
  },
  {
    name: 'validate',
    about: 'Checks all files of the registry in the working tree: every mistake with its place.',
    positionals: [],
    options: { registry: REGISTRY },
    examples: ['weighbridge validate', 'weighbridge validate --json'],
    load: () => import('./validate.ts'),
  },
  PLAN_COMMAND,
  {
    name: 'schema',
    about: 'Prints the JSON Schema of a file kind, for editors.',
    positionals: [{ name: 'kind', required: true }],
    options: {},
    examples: ['weighbridge schema policy > policy.schema.json'],
    load: () => import('./schema.ts'),
  },
  {
    name: 'check',
    about: 'Weighs what a pull request from head into base would change, and says what its check would say.',
    positionals: [],
    options: {
      base: { type: 'string', value: 'REF', about: 'Where it would be merged; default: the governed branch.' },
      head: { type: 'string', value: 'REF', about: 'What would be merged; default HEAD.' },
      registry: {
        type: 'string',
        value: 'DIR',
        about: 'A checkout of the repository that the configuration names under registry:.',
      },
      now: { type: 'string', value: 'TIME', about: 'Judge as if it were this moment, ISO 8601.' },
      skip: {
        type: 'string',
        value: 'GATE',
        multiple: true,
        about: 'Leave out a gate; the answer is then "could not decide" at best.',
      },
      markdown: { type: 'boolean', about: 'The check as GitHub shows it, nothing in it that may not be shared.' },
      html: { type: 'string', value: 'FILE', about: 'Write one self-contained page.' },
    },
    examples: ['weighbridge check --base main --head my-branch', 'weighbridge check --html check.html'],
    load: () => import('./check.ts'),
  },
  {
    name: 'evaluate',
    about: 'Runs a version on its exam and measures it.',
    positionals: [{ name: 'model@version', required: true }],
    options: { ref: { type: 'string', value: 'REF', about: 'Where the registry is read; default HEAD.' } },
    examples: ['weighbridge evaluate churn@1.4.0'],
    load: () => import('./evaluate.ts'),
  },
  ...REGISTRY_COMMANDS,
  ...TRAINING_COMMANDS,
  ...MEASURING_COMMANDS,
  ...LEDGER_COMMANDS,
  {
    name: 'sim',
    about: 'Plays a scenario of pull requests against an emulated GitHub: your policies and rulesets, tested.',
    positionals: [{ name: 'scenario', required: true, isMany: true }],
    options: {},
    examples: ['weighbridge sim scenario.yml', 'weighbridge sim scenarios/*.yml'],
    load: () => import('./sim.ts'),
  },
  {
    name: 'setup',
    about: 'Registers the GitHub App with one click, by its manifest, and keeps its keys for serve.',
    positionals: [],
    options: {
      url: {
        type: 'string',
        value: 'URL',
        required: true,
        about: 'Where GitHub reaches the app: https://weighbridge.example.org.',
      },
      organization: { type: 'string', value: 'ORG', about: 'Owner of the app; default: whoever is signed in.' },
      name: { type: 'string', value: 'NAME', about: 'Its name, unique on GitHub; may be changed there.' },
      port: {
        type: 'string',
        value: 'PORT',
        about: 'Port on this machine for the page; default: that of serve, PORT or 3000.',
      },
    },
    examples: ['weighbridge setup --url https://weighbridge.example.org --organization acme'],
    load: () => import('./setup.ts'),
  },
  {
    name: 'serve',
    about: 'Runs the GitHub App; the environment says as whom, the operator’s file what each repository may touch.',
    positionals: [],
    options: {},
    examples: ['weighbridge serve'],
    load: () => import('./serve.ts'),
  },
  {
    name: 'demo',
    about: 'Six pull requests and a training on an emulated GitHub with the app itself, then your own by git push.',
    positionals: [],
    options: {
      exit: { type: 'boolean', about: 'End when all are told: 0 when all came out as told, else 1.' },
      port: {
        type: 'string',
        value: 'PORT',
        about: 'Port of that GitHub and its pages on localhost; default: a free one.',
      },
    },
    examples: ['weighbridge demo --exit'],
    load: () => import('./demo.ts'),
  },
]
