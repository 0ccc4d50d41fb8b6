import { z } from 'zod'
import { type Finding, finding } from './finding.ts'
import type { Gate, GateSubject } from './gate.ts'

const NAME = 'after'
const rule = z.strictObject({})

function judged(subject: GateSubject, earlier: string): Finding {
  const { model, version } = subject.candidate.record
  const mend = `Promote ${model} ${version} to ${earlier} first.`
  const found = subject.history.liveInEarlier
  if (found === null || found.live === null || found.environment !== earlier) {
    const because = found?.because ?? `the history of ${earlier} was not read`
    return finding(NAME, earlier, 'inconclusive', `not known whether it was live in ${earlier}: ${because}`, {
      flips: mend,
    })
  }
  if (found.live) return finding(NAME, earlier, 'passed', found.because)
  return finding(NAME, earlier, 'failed', `${model} ${version} was never live in ${earlier}. ${mend}`, { flips: mend })
}

/** A version must have been live in the environment before this one; the configuration says which that is. */
export const afterGate: Gate<z.infer<typeof rule>> = {
  name: NAME,
  about:
    'A version must have stood in the earlier environment on the governed branch before it enters this one. Never holds a rollback.',
  shape: 'options',
  always: true,
  measuring: false,
  needsGitHub: false,
  rule,
  idParts: () => [],
  plan: () => [],
  judge(subject) {
    const { after, name } = subject.environment
    if (subject.rollback)
      return finding(NAME, 'after', 'skipped', 'a rollback is never held by an order of environments')
    if (after === undefined) return finding(NAME, 'after', 'skipped', `no environment comes before ${name}`)
    return judged(subject, after)
  },
}
