import type { VersionRecord } from '../../registry/record.ts'
import type { OnnxGraph } from './onnx-graph.ts'
import { isTensorType } from './onnx-types.ts'
import { type Problem, quoted } from './problem.ts'
import { NEWEST_IR_VERSION, NEWEST_OPSETS, RUNTIME } from './runtime-support.ts'
import { signatureProblems } from './signature-problems.ts'

/**
 * What keeps a readable ONNX file from being weighed, in the order in which people would mend it.
 *
 * Asked again, without a signature, by the process that is about to open the file.
 */
export function graphProblems(graph: OnnxGraph, signature: VersionRecord['signature']): readonly Problem[] {
  return [
    ...externalProblems(graph),
    ...versionProblems(graph),
    ...sequenceProblems(graph),
    ...(signature === undefined ? [] : signatureProblems(signature, tensorsOnly(signature, graph))),
  ]
}

function externalProblems(graph: OnnxGraph): readonly Problem[] {
  if (graph.external.length === 0) return []
  const locations = graph.external
    .slice(0, 5)
    .map((location) => `\`${quoted(location === '' ? '(unnamed)' : location)}\``)
  const leaves = graph.external.some(leavesFolder) ? ', a path that leaves the model folder' : ''
  const what = `weights lie outside the file, in ${locations.join(', ')}${leaves}`
  return [
    { code: 'external-data', what, mend: 'Save the model with all weights inside (`save_as_external_data=False`).' },
  ]
}

function leavesFolder(location: string): boolean {
  return /^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i.test(location)
}

function versionProblems(graph: OnnxGraph): readonly Problem[] {
  const problems: Problem[] = []
  if (graph.ir_version > NEWEST_IR_VERSION)
    problems.push(newer(`IR version ${graph.ir_version}`, `IR version ${NEWEST_IR_VERSION}`))
  for (const [domain, version] of Object.entries(graph.opsets)) problems.push(...opsetProblems(domain, version))
  return problems
}

function opsetProblems(domain: string, version: number): readonly Problem[] {
  const newest = Object.hasOwn(NEWEST_OPSETS, domain) ? NEWEST_OPSETS[domain]! : null
  if (newest === null || version <= newest) return []
  return [newer(`${domain} opset ${version}`, `${domain} opset ${newest}`)]
}

function newer(has: string, supported: string): Problem {
  const what = `the model needs ${quoted(has)}, and ${RUNTIME} supports up to ${supported}`
  return { code: 'opset', what, mend: 'Export the model for an older version (`target_opset`).' }
}

/** Scores must come out as a tensor; a scikit-learn export with ZipMap gives a list of dictionaries instead. */
function sequenceProblems(graph: OnnxGraph): readonly Problem[] {
  const others = graph.outputs.filter((output) => !isTensorType(output.type))
  const hasScores = graph.outputs.some((output) => /^float(16|32|64)$/.test(output.type))
  if (others.length === 0 || hasScores) return []
  const named = others.map((output) => `\`${quoted(output.name)}\` (${output.type})`).join(', ')
  return [{ code: 'sequence-output', what: `output ${named} is not a tensor, so it cannot be read`, mend: ZIPMAP_MEND }]
}

export const ZIPMAP_MEND = 'Export with `zipmap=False`: skl2onnx.to_onnx(model, X, options={"zipmap": False}).'

/** An output that is no tensor is named once, as such; its type is not compared again. */
function tensorsOnly(signature: NonNullable<VersionRecord['signature']>, graph: OnnxGraph): OnnxGraph {
  const recorded = new Map(signature.outputs.map((output) => [output.name, output]))
  const outputs = graph.outputs.map((output) =>
    isTensorType(output.type) ? output : (recorded.get(output.name) ?? output),
  )
  return { ...graph, outputs }
}
