import { type CrossCheck, type Say, withCrossChecks } from '../../registry/cross-check.ts'
import { suggest } from '../../registry/did-you-mean.ts'
import type { FileKind } from '../../registry/file-kind.ts'
import { type Scenario, STEPS, type Step, scenarioShape } from './scenario.ts'

const checks: readonly CrossCheck<Scenario>[] = [
  { needs: ['steps'], check: oneActAStep },
  { needs: ['steps', 'given.people'], check: peopleAreKnown },
  { needs: ['steps', 'expects'], check: pullsAreOpened },
  { needs: ['steps', 'expects'], check: somethingIsExpected },
]

/** A scenario file: what `weighbridge sim` runs. */
export const scenarioKind: FileKind<Scenario> = {
  name: 'scenario',
  about:
    'A scenario for weighbridge sim: a repository on an emulated GitHub, what people do there, what they then see.',
  schema: withCrossChecks(scenarioShape, checks),
}

function oneActAStep({ steps }: Scenario, say: Say): void {
  steps.forEach((step, index) => {
    const acts = Object.keys(step)
    if (acts.length === 1) return
    const what = acts.length === 0 ? 'is an empty step' : `does ${acts.join(' and ')} in one step`
    say(['steps', index], what, `Write one of ${STEPS.join(', ')} a step.`)
  })
}

function peopleAreKnown({ steps, given }: Scenario, say: Say): void {
  const people = Object.keys(given.people)
  steps.forEach((step, index) => {
    const [act] = actsOf(step)
    if (act?.by === undefined || people.includes(act.by)) return
    say(['steps', index, act.name, 'by'], `there is nobody called ${act.by}`, suggest(act.by, people, 'People here'))
  })
}

function pullsAreOpened({ steps, expects = [] }: Scenario, say: Say): void {
  const opened: string[] = []
  const check = (pull: string | undefined, at: readonly (string | number)[]) => {
    if (pull === undefined || opened.includes(pull)) return
    say(at, `no pull request of ${pull} is open by then`, suggest(pull, opened, 'Opened before'))
  }
  steps.forEach((step, index) => {
    const [act] = actsOf(step)
    check(act?.pull, ['steps', index, act?.name ?? '', 'pull'])
    if (step.opens === undefined) return
    if (opened.includes(step.opens.branch))
      say(['steps', index, 'opens', 'branch'], `${step.opens.branch} is open already`, 'Name another branch.')
    opened.push(step.opens.branch)
  })
  for (const [index, one] of expects.entries()) check(one.pull, ['expects', index, 'pull'])
}

function somethingIsExpected({ steps, expects = [] }: Scenario, say: Say): void {
  const inSteps = steps.some((step) => step.expects !== undefined || step.merges?.refused === true)
  if (expects.length > 0 || inSteps) return
  say(['steps'], 'nothing is expected, so nothing could go wrong', 'Add expects: with what people should see.')
}

/** The act of a step, with the person and the pull request that it names. */
function actsOf(step: Step): readonly { readonly name: string; readonly by?: string; readonly pull?: string }[] {
  return Object.entries(step).map(([name, act]) => {
    const { by, pull } = (typeof act === 'object' ? act : {}) as { readonly by?: string; readonly pull?: string }
    return { name, ...(by === undefined ? {} : { by }), ...(pull === undefined ? {} : { pull }) }
  })
}
