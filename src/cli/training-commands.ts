import type { CommandSpec } from './command.ts'

/** What a training job calls at its end and while it runs, in the order of the help. */
export const TRAINING_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'register',
    about: 'Stores what a training job made, verifies the stored bytes, and proposes the version record.',
    positionals: [],
    options: {
      model: { type: 'string', value: 'NAME', required: true, about: 'The registered model that was trained.' },
      artifact: { type: 'string', value: 'PATH', required: true, about: 'The trained model: a file, or a folder.' },
      reference: {
        type: 'string',
        value: 'TABLE',
        required: true,
        about: 'What it was trained on: a file, which is stored, or an s3:// or file: URI, which is only read.',
      },
      evaluation: { type: 'string', value: 'TABLE', about: 'What training evaluated on; a file or a URI.' },
      validation: {
        type: 'string',
        value: 'TABLE',
        about:
          'Rows held back from training that --metrics was measured on, never the exam; a file, which is stored, or a URI.',
      },
      metrics: {
        type: 'string',
        value: 'FILE',
        about: 'JSON of the training: {parameters, seed, validation: {rows, metrics}, compute: {gpu, gpu_seconds}}.',
      },
      parameters: {
        type: 'string',
        value: 'FILE|NAME=VALUE',
        multiple: true,
        about: 'Training parameters: a JSON file, or one of them; may be repeated. A request brings its own.',
      },
      seed: { type: 'string', value: 'NUMBER', about: 'Seed of the training. A request brings its own.' },
      request: {
        type: 'string',
        value: 'FILE|JSON',
        about: 'What the app asked for: the input `request` of the workflow.',
      },
      trial: { type: 'string', value: 'NUMBER', about: 'Which trial of the request this is, in a search.' },
      checkpoint: {
        type: 'string',
        value: 'URI',
        about: 'The newest checkpoint; default: the last by name below the checkpoints of the request.',
      },
      predictions: { type: 'string', value: 'FILE', about: 'Answers on the exam, for an artifact that is opaque.' },
      units: { type: 'string', value: 'FILE', about: 'One row for each prompt, query or episode, a column a metric.' },
      id: {
        type: 'string',
        value: 'COLUMN',
        about: 'Column of --predictions and --units that identifies a row; default: columns.id of model.yml.',
      },
      format: {
        type: 'string',
        value: 'FORMAT',
        choices: ['onnx', 'opaque'],
        about: 'onnx is read for its signature, opaque never opened; default: by the name.',
      },
      threshold: { type: 'string', value: 'NUMBER', about: 'Binary: prediction = score > threshold; default 0.5.' },
      features: {
        type: 'string',
        value: 'COLUMNS',
        about: 'Columns in the order of a single tensor input, with commas; default: those of model.yml.',
      },
      data: {
        type: 'string',
        value: 'NAME=PATH',
        multiple: true,
        about: 'Other data that went in: a file, a .dvc pointer, or a URI; may be repeated.',
      },
      environment: {
        type: 'string',
        value: 'NAME=VALUE',
        multiple: true,
        about: 'image=REFERENCE@sha256:..., lockfile=PATH; default: WEIGHBRIDGE_IMAGE, and the lockfile at the root.',
      },
      gpu: { type: 'string', value: 'NAME', about: 'GPU that it trained on; default: by --metrics, or nvidia-smi.' },
      'gpu-seconds': { type: 'string', value: 'NUMBER', about: 'How long the GPU was held; default: by --metrics.' },
      'cost-usd': { type: 'string', value: 'NUMBER', about: 'What it cost.' },
      parent: { type: 'string', value: 'VERSION', about: 'The version that it was made from.' },
      version: {
        type: 'string',
        value: 'VERSION',
        about: 'Its number, when that is known: the record is written too. From training, the app gives it.',
      },
      mlflow: { type: 'string', value: 'FOLDER', about: 'The folder of an MLflow run: its params, metrics and tags.' },
      out: { type: 'string', value: 'FILE', about: 'Where the proposal is written; default proposal.json.' },
      'dry-run': { type: 'boolean', about: 'Check everything; upload and write nothing.' },
      'allow-dirty': {
        type: 'boolean',
        about: 'Register although tracked files differ from the commit; the labels say so.',
      },
    },
    examples: [
      'weighbridge register --model churn --artifact out/model.onnx --reference data/train.csv --metrics out/metrics.json',
      'weighbridge register --model churn --artifact model.onnx --reference s3://acme-data/train.parquet --version 1.4.0',
    ],
    load: () => import('./register.ts'),
  },
  {
    name: 'checkpoint',
    about: 'Keeps checkpoints of a training in the store: save FILE --to URI, load --from URI --to FILE.',
    positionals: [
      { name: 'save|load', required: true },
      { name: 'file', required: false },
    ],
    options: {
      to: {
        type: 'string',
        value: 'URI|FILE',
        required: true,
        about: 'save: below store.artifacts; one that ends in / takes the name of the file. load: the file to write.',
      },
      from: { type: 'string', value: 'URI', about: 'load: the checkpoint; its bytes must have the digest beside it.' },
    },
    examples: [
      'weighbridge checkpoint save checkpoint.pt --to s3://acme-models/registry/churn/checkpoints/wb-1/epoch-00005.pt',
      'weighbridge checkpoint load --from s3://acme-models/registry/churn/checkpoints/wb-1/epoch-00005.pt --to last.pt',
    ],
    load: () => import('./checkpoint.ts'),
  },
]
