import type { z } from 'zod'
import type { Change } from '../registry/change.ts'
import type { Configuration, Environment } from '../registry/configuration.ts'
import type { Model, TableReference } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'
import type { ManifestFacts } from '../serving/manifest.ts'
import type { EvidenceReader, EvidenceRequest } from './evidence.ts'
import type { Finding, Mistake, Place, Provenance } from './finding.ts'
import type { GitHubFacts } from './github-facts.ts'

/** A parsed version record and where it stands. */
export interface RecordFile {
  readonly path: string
  readonly record: VersionRecord
  /** Place of a dotted field of the record, the document's own place when the field is absent. */
  place(field: string): Place
}

/** Everything a gate may know of one promotion besides evidence; all of it read by a job, nothing fetched here. */
export interface GateSubject {
  readonly change: Change
  readonly configuration: Configuration
  readonly environment: Environment
  /** model.yml with judging fields of the governed branch. */
  readonly model: Model
  readonly candidate: RecordFile
  readonly incumbent: RecordFile | null
  /** How the incumbent was found, or why there is none. */
  readonly incumbentSource: 'served' | 'last-served' | 'none' | 'unreadable'
  /** The exam that the governed branch sets, and who set it. */
  readonly exam: { readonly data: TableReference; readonly setBy: 'model' | 'incumbent' | 'candidate' } | null
  /** A change back to a version verified in that environment: measuring gates are advisory, time never holds it. */
  readonly rollback: boolean
  readonly now: string
  readonly registry: RegistryFacts
  readonly manifest: ManifestFacts
  readonly history: HistoryFacts
  readonly drift: DriftWindow | null
  /** What only GitHub knows; null in a checkout, where nobody asks. */
  readonly github: GitHubFacts | null
}

export interface RegistryFacts {
  /** Mistakes in the files that this change touches or reads. */
  readonly mistakes: readonly Mistake[]
  /** All changes of the pull request, this promotion's among them. */
  readonly changes: readonly Change[]
  readonly parent: RecordFile | null
  /** Versions of this model on base. */
  readonly versions: readonly string[]
  /** Earlier digests of (model, version), from first-parent history. */
  readonly firstDigest: string | null
  /** Paths of ours changed on both sides since the merge base. */
  readonly conflicts: readonly string[]
  /** The exam that the head names instead of the governed branch's, if any. */
  readonly headExam: TableReference | null
  /** ONNX operators of candidate and parent, when the artifact evidence holds them. */
  readonly recordsConsidered: number
}

export interface HistoryFacts {
  /** For `after:` — whether the candidate stood in the earlier environment's manifest in a first-parent commit of base; null when not asked. */
  readonly liveInEarlier: {
    readonly environment: string
    readonly live: boolean | null
    readonly because: string
  } | null
  /** Whether this model was ever served in this environment. */
  readonly firstHere: boolean
}

/** Production rows to compare with, chosen and hashed by the job. */
export type DriftWindow =
  | {
      readonly status: 'found'
      readonly partitions: readonly TableReference[]
      readonly from: string
      readonly until: string
    }
  | { readonly status: 'none' | 'missing' | 'unreachable'; readonly because: string; readonly mend: string }

/** A rule in use: parsed, with its id, and every place that it comes from. */
export interface ComposedRule<Rule = unknown> {
  readonly id: string
  readonly rule: Rule
  readonly places: readonly Place[]
  readonly advisory: boolean
  /** Who may take an inconclusive interval of this rule. */
  readonly review: string | null
}

export interface ComposedGate<Rule = unknown> {
  readonly gate: string
  readonly declared: boolean
  readonly required: boolean
  readonly rules: readonly ComposedRule<Rule>[]
  /** The least provenance that the policy takes. */
  readonly atLeast: 'recomputed' | 'attested'
  /** `null` in `judge`, where files are given by hand and provenance is not asked. */
  readonly provenanceAsked: boolean
  readonly place?: Place
}

/**
 * One kind of check. `plan` lists the evidence that the rules need, `judge` reads it; both are pure.
 * A gate of shape `list` takes a list of rules; one of shape `options` takes one object, whose composed form is
 * exactly one rule with id = the gate's name.
 */
export interface Gate<Rule = unknown> {
  readonly name: string
  /** What it checks and why, two sentences at most: the README, /help and the JSON Schema show it. */
  readonly about: string
  readonly shape: 'list' | 'options'
  readonly always: boolean
  /** Measuring gates are advisory in a rollback. */
  readonly measuring: boolean
  /** Answered only by GitHub: listed under `not_asked` in a checkout. */
  readonly needsGitHub: boolean
  readonly rule: z.ZodType<Rule>
  /** Parts of a rule's id after the gate's name. */
  idParts(rule: Rule): readonly string[]
  plan(subject: GateSubject, gate: ComposedGate<Rule>): readonly EvidenceRequest[]
  judge(subject: GateSubject, gate: ComposedGate<Rule>, evidence: EvidenceReader): Finding
}

export type { Binding, ManifestDocument, ManifestFacts } from '../serving/manifest.ts'
export type { Provenance }
