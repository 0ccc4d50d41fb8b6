import { z } from 'zod'
import { allOf, type Finding, finding, type Mistake } from './finding.ts'
import type { Gate, ManifestDocument, ManifestFacts } from './gate.ts'
import { mistakeFinding } from './mistake-finding.ts'
import { countText } from './number-text.ts'

const NAME = 'manifest'

/** `InferenceService churn (namespace ml)` */
function called(document: ManifestDocument): string {
  const namespace = document.namespace === null ? '' : ` (namespace ${document.namespace})`
  return `${document.kind} ${document.name}${namespace}`
}

function fromDocument(document: ManifestDocument): Finding {
  return finding(
    NAME,
    called(document),
    document.binding === 'unbound' ? 'failed' : 'inconclusive',
    `${document.what}. ${document.mend}`,
    { place: document.place, flips: document.mend },
  )
}

/**
 * What is wrong in an environment whatever is promoted: documents that no record answers for, documents that
 * can't be resolved, objects of ours where none may stand, and, as advice, fields that the cluster would not take. Empty
 * when all is well.
 */
export function environmentFindings(facts: ManifestFacts): readonly Finding[] {
  const documents = facts.documents.filter(({ binding }) => binding === 'unbound' || binding === 'unresolved')
  const strays = facts.strays.map(({ place, what, mend }) =>
    finding(NAME, place.path, 'failed', `${what}. ${mend}`, { place, flips: mend }),
  )
  return [...documents.map(fromDocument), ...strays, ...(facts.mistakes ?? []).map(fromMistake)]
}

/** It is no other model for that, and a cluster may know fields that are newer than our schemas. */
function fromMistake(mistake: Mistake): Finding {
  return { ...mistakeFinding(NAME, mistake, 'failed'), advisory: true }
}

/** The one object that serves the candidate here, or why there is not exactly one. */
function bindingFinding(facts: ManifestFacts, model: string, version: string): Finding {
  const bound = facts.documents.filter((document) => document.binding === 'bound' && document.model === model)
  const [object, second] = bound
  if (object === undefined) {
    const mend = `Label one object weighbridge.dev/model: ${model} and annotate it weighbridge.dev/version: ${version}.`
    return finding(NAME, model, 'failed', `no bound object serves ${model} ${version} here. ${mend}`, { flips: mend })
  }
  if (second !== undefined) {
    const mend = 'Leave one object for each model in an environment.'
    const both = `${called(object)} and ${called(second)} (${second.place.path}:${second.place.line})`
    return finding(NAME, model, 'failed', `${both} both serve ${model}. ${mend}`, { place: object.place, flips: mend })
  }
  if (object.version !== version) {
    const mend = `Set weighbridge.dev/version: ${version} and the artifact of that record.`
    const because = `${called(object)} serves ${object.version ?? 'no version'}, the promotion is of ${version}. ${mend}`
    return finding(NAME, called(object), 'failed', because, { place: object.place, flips: mend })
  }
  const because = `label, version, artifact and record of ${model} ${version} agree`
  return finding(NAME, called(object), 'passed', because, { place: object.place })
}

/** One finding over an environment's documents; `children` are those that say something. */
function rolledUp(facts: ManifestFacts, children: readonly Finding[]): Finding {
  const status = allOf(children, 'passed')
  const count = (binding: ManifestDocument['binding']) =>
    facts.documents.filter((document) => document.binding === binding).length
  const read = `${countText(facts.documents.length, 'documents')} read: ${count('bound')} bound, ${count('neutral')} neutral, ${count('unbound')} unbound, ${count('unresolved')} unresolved`
  const strays = facts.strays.length === 0 ? '' : `; ${facts.strays.length} where none may stand`
  return finding(NAME, 'manifests', status, `${read}${strays}`, { children })
}

/** The manifest gate for a change that promotes nothing: the environment must be closed all the same. */
export function manifestFinding(facts: ManifestFacts): Finding {
  return rolledUp(facts, environmentFindings(facts))
}

const rule = z.strictObject({})

/** The environment is closed: what the cluster will run is what was weighed. */
export const manifestGate: Gate<z.infer<typeof rule>> = {
  name: NAME,
  about:
    'Every document below an environment is bound to a version record, neutral, or holds the promotion. Always on, never waived.',
  shape: 'options',
  always: true,
  measuring: false,
  needsGitHub: false,
  rule,
  idParts: () => [],
  plan: () => [],
  judge({ manifest, candidate }) {
    const { model, version } = candidate.record
    return rolledUp(manifest, [bindingFinding(manifest, model, version), ...environmentFindings(manifest)])
  },
}
