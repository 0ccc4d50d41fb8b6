import { again, modelName, parameters, runner, seed } from './arguments.ts'
import { slashCommand } from './slash-command.ts'

export const train = slashCommand({
  name: 'train',
  about: 'Trains a model at the tip of the default branch, and opens a pull request with the candidate.',
  arguments: { model: modelName, parameters, runner, seed, again },
  words: ['model'],
  rest: 'parameters',
  command: ({ model, parameters, runner, seed, again }) => ({
    name: 'train',
    model,
    parameters: new Map(Object.entries(parameters)),
    runner: runner ?? null,
    seed: seed ?? null,
    again: again ?? false,
  }),
  may: { roles: ['trainer'], why: 'It spends money on GPUs, and whoever trains may not approve the same promotion.' },
  place: { under: 'issue or pull request', openOnly: true, noForks: true },
  concerns: ({ model }) => [{ model, environment: null }],
  examples: ['/train churn', '/train churn learning_rate=0.02 epochs=30 runner=gpu-large'],
  notes: ['The same code, data, parameters and seed are not trained twice: again=yes does it all the same.'],
})
