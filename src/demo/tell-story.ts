import { gateCheckName, ROLL_UP } from '../checks/check-names.ts'
import type { Status } from '../gates/finding.ts'
import type { AuditRow } from '../ledger/audit.ts'
import type { CheckDocument } from '../report/check-document.ts'
import type { PullHandle, ShownCheck } from '../world/pull-handle.ts'
import { AUTOMATIC_MERGE } from './adult-registry.ts'
import { APPROVER, AUTHOR, type DemoWorld } from './demo-world.ts'
import { deploymentsAt, ledgerOf, type ShownDeployment } from './landed.ts'
import type { Story } from './stories.ts'

/** How a story came out. */
export interface ToldStory {
  readonly story: Story
  readonly pull: PullHandle
  /** What was weighed last. */
  readonly check: CheckDocument
  /** The roll-up before anybody had approved anything, where somebody did. */
  readonly held: ShownCheck | null
  /** As they stand on the pull request. */
  readonly published: readonly ShownCheck[]
  readonly deployments: readonly ShownDeployment[]
  /** Lines of the ledger about it. */
  readonly ledger: readonly AuditRow[]
  readonly asTold: boolean
}

const CONCLUSIONS: Readonly<Record<Status, string>> = {
  passed: 'success',
  failed: 'failure',
  inconclusive: 'action_required',
  skipped: 'neutral',
}

/** Dana opens a pull request; where only a person's word is missing, erin approves it; the app does the rest. */
export async function tellStory(demo: DemoWorld, story: Story): Promise<ToldStory> {
  const files = await story.files(AUTOMATIC_MERGE)
  const pull = await demo.repository.opensPull({
    branch: story.branch,
    title: story.title,
    body: story.told,
    files: Object.fromEntries(files.map(({ path, content }) => [path, content])),
    by: AUTHOR,
  })
  await demo.settles()
  const held = waitsForPeople(demo.weighed.get(pull.number)) ? (pull.check(ROLL_UP) ?? null) : null
  if (held !== null) {
    await pull.approve(APPROVER)
    await demo.settles()
  }
  const check = demo.weighed.get(pull.number)
  if (check === undefined) throw new Error(`the app never weighed pull request ${pull.number}`)
  const came = {
    pull,
    check,
    published: pull.checks,
    deployments: deploymentsAt(demo.world, pull.mergeCommit),
    ledger: await ledgerOf(demo.repository, pull.number),
  }
  return { story, held, ...came, asTold: cameOutAsTold(story, { ...came, isMerged: pull.state === 'merged' }) }
}

/** Nothing holds but the gate that asks people. */
function waitsForPeople(check: CheckDocument | undefined): boolean {
  const holding = check?.verdict.children.filter(
    ({ status, advisory }) => advisory !== true && (status === 'failed' || status === 'inconclusive'),
  )
  return holding?.length === 1 && holding[0]?.gate === 'approvals'
}

/** What of a story is held against its telling. */
export interface CameOut {
  readonly check: CheckDocument
  readonly published: readonly Pick<ShownCheck, 'name' | 'conclusion'>[]
  readonly isMerged: boolean
  readonly deployments: readonly unknown[]
  readonly ledger: readonly unknown[]
}

/**
 * Whether verdict and gates are as the story names them, the published checks say the same, and it landed, was deployed
 * and is in the ledger exactly when it should.
 */
export function cameOutAsTold({ expected, merge }: Story, came: CameOut): boolean {
  const status = new Map(came.check.verdict.children.map((gate) => [gate.gate, gate.status]))
  const shown = new Map(came.published.map(({ name, conclusion }) => [name, conclusion]))
  const gates = Object.entries(expected.gates)
  const isShown = (name: string, wanted: Status) => shown.get(name) === CONCLUSIONS[wanted]
  return (
    came.check.verdict.status === expected.status &&
    isShown(ROLL_UP, expected.status) &&
    gates.every(([gate, wanted]) => status.get(gate) === wanted) &&
    gates.every(([gate, wanted]) => !shown.has(gateCheckName(gate)) || isShown(gateCheckName(gate), wanted)) &&
    [came.isMerged, came.deployments.length > 0, came.ledger.length > 0].every((one) => one === merge)
  )
}
