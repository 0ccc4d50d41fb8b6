import { planRetirement } from '../jobs/plan-retirement.ts'
import { type CommandInput, EXIT, InvalidCommand, InvalidRecord } from './command.ts'
import { versionSubject } from './subject.ts'
import { makeEdit, openWorkingTrees, printDiff } from './working-trees.ts'

/** Retires a version in its model.yml, in the working tree. */
export async function run(input: CommandInput): Promise<number> {
  const { model, version } = versionSubject(input.positionals[0] ?? '')
  const entry = { version, on: new Date().toISOString().slice(0, 10), reason: input.text('reason') ?? '' }
  const trees = await openWorkingTrees(input)
  input.terminal.progress('reading the registry')
  const models = trees.models === null ? {} : { models: trees.models.snapshot }
  const plan = await planRetirement({ snapshot: trees.snapshot, ...models, model, entry })
  if (plan.is === 'mistakes') throw new InvalidRecord(plan.mistakes)
  if (plan.is === 'refused') throw new InvalidCommand(plan.what, plan.mend)
  const home = trees.models?.checkout ?? trees.checkout
  const diff = await makeEdit(input, home, { path: plan.path, before: plan.before, after: plan.text })
  const elsewhere = trees.models === null ? [] : [`cd ${input.text('registry')}`]
  tell(input, { told: { model, ...entry, path: plan.path }, diff, elsewhere })
  return EXIT.passed
}

interface Told {
  readonly told: {
    readonly model: string
    readonly version: string
    readonly on: string
    readonly reason: string
    readonly path: string
  }
  readonly diff: readonly string[]
  /** How to get to where models lie, when that is another checkout. */
  readonly elsewhere: readonly string[]
}

function tell(input: CommandInput, { told: entry, diff, elsewhere }: Told): void {
  const { terminal, json } = input
  const { model, version, path } = entry
  const isDry = input.flag('dry-run')
  const next = [
    ...elsewhere,
    `git switch -c retire-${model}-${version}`,
    `git commit -m "retire ${model} ${version}" -- ${path}`,
    'weighbridge check',
    'git push, and open a pull request',
  ]
  if (json) {
    const document = { schema: 'weighbridge.retirement/v1', ...entry, dry_run: isDry, diff: `${diff.join('\n')}\n` }
    terminal.document({ ...document, next })
    return
  }
  terminal.line(`${model} ${version} is retired: a promotion to it fails from then on`)
  terminal.line()
  printDiff(input, diff)
  terminal.line()
  if (isDry) terminal.line('Nothing was written.')
  else for (const line of ['Next:', ...next.map((one) => `  ${one}`)]) terminal.line(line)
}
