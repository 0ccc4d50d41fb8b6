import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { NewFile } from '../adapters/checkout/new-repository.ts'
import { AUTOMATIC_MERGE, registryFiles } from './adult-registry.ts'
import { exampleFiles } from './example-registry.ts'

const TRAINER = new URL('./training/', import.meta.url)
const WORKFLOW = '.github/workflows/train.yml'

/**
 * The repository that `init --example` writes, with the small trainer in the place of PyTorch, and bytes of the store
 * left out: they lie where the app finds them.
 */
export async function trainingFiles(): Promise<readonly NewFile[]> {
  const policies = (await registryFiles(AUTOMATIC_MERGE)).filter(({ path }) => path.startsWith('policies/'))
  const kept = (await exampleFiles()).filter(
    ({ path }) => !/^(\.weighbridge|training|policies)\//.test(path) && !/\/(tune|weigh)\.yml$/.test(path),
  )
  const trainer = await Promise.all(
    ['train.mjs', 'logistic-onnx.mjs'].map(async (name) => ({
      path: `training/${name}`,
      content: await readFile(fileURLToPath(new URL(name, TRAINER))),
    })),
  )
  return [...kept.map(withOwnTrainer), ...policies, ...trainer]
}

/** The workflow as the example has it, but for what is trained with and where the store lies. */
function withOwnTrainer({ path, content }: NewFile): NewFile {
  if (path === 'models/adult/model.yml') return { path, content: withOwnParameters(content.toString()) }
  if (path !== WORKFLOW) return { path, content }
  const text = content
    .toString()
    .replace(/ +- name: Install\n.*\n/, '')
    .replace(
      /run: (exec )?python3 training\/train.py (.*)--checkpoints "\$CHECKPOINTS" (.*)/,
      'run: node training/train.mjs $2$3',
    )
  return { path, content: text + KEEP }
}

/** A store of this machine: what was registered in the checkout is put where the app reads. With S3 there is no such step. */
const KEEP = `      - name: Keep what was registered
        env:
          STORE: \${{ vars.STORE }}
        run: mkdir -p "$STORE" && cp -R .weighbridge/store/. "$STORE"
`

function withOwnParameters(text: string): string {
  return `${text.slice(0, text.indexOf('  parameters:\n'))}  parameters:
    learning_rate: {type: number, min: 0.001, max: 1, default: 0.2, search: log}
    epochs: {type: integer, min: 1, max: 200, default: 20}
    l2: {type: number, min: 0.0000001, max: 0.1, default: 0.00001, search: log}
    reweigh: {type: number, min: 0, max: 1, default: 0.9}
`
}
