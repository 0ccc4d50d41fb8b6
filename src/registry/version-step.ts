import type { Tensor, VersionRecord } from './record.ts'
import type { Step } from './semantic-version.ts'

/** Why a version must differ from its parent by at least this step. */
export interface StepReason {
  readonly step: Step
  readonly what: string
}

export interface RequiredStep {
  readonly step: Step
  readonly reasons: readonly StepReason[]
}

/** Operators of the two graphs, where the artifacts were opened: operator to count. */
export interface GraphOperators {
  readonly parentOperators?: Readonly<Record<string, number>> | null
  readonly operators?: Readonly<Record<string, number>> | null
}

const RANK: Readonly<Record<Step, number>> = { patch: 0, minor: 1, major: 2 }

/**
 * The least step that a version must make from its parent.
 *
 * Major: what callers send or read changed (inputs, outputs, order of the features, classes). Minor: other data,
 * features, architecture (which operators; a training parameter that is not a number) or threshold. Else patch.
 *
 * @returns the largest step of all reasons; `patch` without a reason
 * @see https://semver.org/spec/v2.0.0.html, read for models as the README says
 */
export function requiredStep(parent: VersionRecord, record: VersionRecord, graphs: GraphOperators = {}): RequiredStep {
  const reasons = [
    ...major(callerBreaks(parent, record)),
    ...minor([...dataChanges(parent, record), ...architectureChanges(parent, record, graphs)]),
  ]
  const step = reasons.reduce<Step>((most, reason) => (RANK[reason.step] > RANK[most] ? reason.step : most), 'patch')
  return { step, reasons }
}

/** Whether a step taken covers the step needed; a larger one than needed is fine. */
export function coversStep(taken: Step | 'none' | 'backwards', needed: Step): boolean {
  return taken !== 'none' && taken !== 'backwards' && RANK[taken] >= RANK[needed]
}

const major = (whats: readonly string[]): readonly StepReason[] => whats.map((what) => ({ step: 'major', what }))
const minor = (whats: readonly string[]): readonly StepReason[] => whats.map((what) => ({ step: 'minor', what }))

function callerBreaks(parent: VersionRecord, record: VersionRecord): readonly string[] {
  return [
    ...tensorBreaks('input', parent.signature?.inputs, record.signature?.inputs, true),
    ...tensorBreaks('output', parent.signature?.outputs, record.signature?.outputs, false),
    ...featureBreaks(parent, record),
    ...changed('classes', parent.classes, record.classes),
  ]
}

function tensorBreaks(
  called: string,
  before: readonly Tensor[] | undefined,
  after: readonly Tensor[] | undefined,
  additionBreaks: boolean,
): readonly string[] {
  if (before === undefined) return []
  if (after === undefined) return [`the record no longer states its ${called}s`]
  const then = new Map(before.map((tensor) => [tensor.name, tensor]))
  const now = new Map(after.map((tensor) => [tensor.name, tensor]))
  const removed = before.filter(({ name }) => !now.has(name)).map(({ name }) => `${called} ${name} was removed`)
  const added = after
    .filter(({ name }) => additionBreaks && !then.has(name))
    .map(({ name }) => `${called} ${name} was added`)
  const altered = after.flatMap((tensor) => alterations(called, then.get(tensor.name), tensor))
  return [...removed, ...added, ...altered]
}

function alterations(called: string, before: Tensor | undefined, after: Tensor): readonly string[] {
  if (before === undefined) return []
  const type = before.type === after.type ? [] : [`${called} ${after.name} is ${after.type}, was ${before.type}`]
  const shape = (tensor: Tensor) =>
    `[${tensor.shape.map((size) => (typeof size === 'number' ? size : 'any')).join(', ')}]`
  if (shape(before) === shape(after)) return type
  return [...type, `${called} ${after.name} has shape ${shape(after)}, had ${shape(before)}`]
}

/** A single tensor is filled by position, so its list of features is part of what callers send. */
function featureBreaks(parent: VersionRecord, record: VersionRecord): readonly string[] {
  const isSingle = (one: VersionRecord) => (one.signature?.inputs.length ?? 1) === 1
  if (!isSingle(parent) && !isSingle(record)) return []
  return changed('features', parent.features, record.features)
}

function changed(
  called: string,
  before: readonly unknown[] | undefined,
  after: readonly unknown[] | undefined,
): readonly string[] {
  if (before === undefined || JSON.stringify(before) === JSON.stringify(after)) return []
  if (after === undefined) return [`the record no longer states its ${called}`]
  const sameSet = before.length === after.length && before.every((one) => after.includes(one))
  return [sameSet ? `the order of ${called} changed` : `${called} are ${after.join(', ')}, were ${before.join(', ')}`]
}

function dataChanges(parent: VersionRecord, record: VersionRecord): readonly string[] {
  const digests = (one: VersionRecord) =>
    [...new Set((one.training?.data ?? []).map(({ digest }) => digest))].sort().join()
  const views = (one: VersionRecord) =>
    (one.training?.features ?? [])
      .map(({ store, view, digest }) => `${store}/${view}@${digest ?? ''}`)
      .sort()
      .join()
  const reference = parent.evaluation.reference.digest !== record.evaluation.reference.digest
  return [
    ...(reference || digests(parent) !== digests(record) ? ['it was trained on other data'] : []),
    ...(views(parent) !== views(record) ? ['it was trained on other feature views'] : []),
  ]
}

function architectureChanges(parent: VersionRecord, record: VersionRecord, graphs: GraphOperators): readonly string[] {
  const threshold = (one: VersionRecord) => one.threshold ?? 0.5
  const format = (one: VersionRecord) => one.artifact.format ?? 'onnx'
  return [
    ...(threshold(parent) === threshold(record)
      ? []
      : [`the threshold is ${threshold(record)}, was ${threshold(parent)}`]),
    ...(format(parent) === format(record) ? [] : [`the artifact is ${format(record)}, was ${format(parent)}`]),
    ...operatorChanges(graphs),
    ...parameterChanges(parent.training?.parameters ?? {}, record.training?.parameters ?? {}),
  ]
}

function operatorChanges({ parentOperators, operators }: GraphOperators): readonly string[] {
  if (!parentOperators || !operators) return []
  const [before, after] = [Object.keys(parentOperators), Object.keys(operators)]
  const added = after.filter((name) => !before.includes(name)).sort()
  const removed = before.filter((name) => !after.includes(name)).sort()
  return [
    ...(added.length > 0 ? [`the graph has operators ${added.join(', ')} that its parent lacks`] : []),
    ...(removed.length > 0 ? [`the graph lacks operators ${removed.join(', ')} that its parent has`] : []),
  ]
}

type Parameters = Readonly<Record<string, string | number | boolean | null>>

function parameterChanges(before: Parameters, after: Parameters): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const value = (parameters: Parameters, name: string) =>
    Object.hasOwn(parameters, name) ? parameters[name] : undefined
  return names.flatMap((name) => {
    const [then, now] = [value(before, name), value(after, name)]
    const isNumeric = [then, now].every((one) => typeof one === 'number' || one === undefined)
    return then === now || isNumeric
      ? []
      : [`training parameter ${name} is ${now ?? 'absent'}, was ${then ?? 'absent'}`]
  })
}
