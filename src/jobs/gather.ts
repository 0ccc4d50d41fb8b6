import { evidenceKey } from '../adapters/evidence/evidence-key.ts'
import type { ArtifactRequest, Evidence, EvidenceReader, EvidenceRequest, FactsOf } from '../gates/evidence.ts'
import { Unavailable } from '../ports.ts'
import { artifactFacts } from './artifact.ts'
import type { GatherPorts } from './evidence-ports.ts'
import { gatherDrift } from './gather-drift.ts'
import { gatherFairness, gatherMetrics } from './gather-metrics.ts'
import { gatherQuality } from './gather-quality.ts'
import { gatherUnits } from './gather-units.ts'
import { type JobFiles, openJobFiles } from './table-files.ts'

/**
 * Answers every request, each once, in parallel; what can't be had says why instead of failing the rest.
 * Artifacts are hashed again at every weighing; what was measured comes from the sealed cache when it is there.
 */
export async function gather(requests: readonly EvidenceRequest[], ports: GatherPorts): Promise<EvidenceReader> {
  const files = openJobFiles(ports)
  const byKey = new Map<string, EvidenceRequest>(requests.map((request) => [requestKey(ports, request), request]))
  const answers = await Promise.all(
    [...byKey].map(async ([key, request]) => [key, await answer(key, request, ports, files)] as const),
  )
  const found = new Map(answers)
  return {
    of: <Kind extends keyof FactsOf>(request: Extract<EvidenceRequest, { kind: Kind }>) => {
      const key = requestKey(ports, request)
      const evidence = found.get(key)
      if (evidence === undefined)
        return {
          kind: request.kind,
          status: 'missing',
          key,
          because: 'this evidence was not asked for',
          mend: 'This is a bug: report it.',
        } as Evidence<Kind>
      return evidence as Evidence<Kind>
    },
  }
}

function requestKey(ports: GatherPorts, request: EvidenceRequest): string {
  return evidenceKey({ engine: ports.engine, request })
}

async function answer(key: string, request: EvidenceRequest, ports: GatherPorts, files: JobFiles): Promise<Evidence> {
  try {
    if (request.kind === 'artifact')
      return {
        kind: 'artifact',
        status: 'present',
        key,
        facts: await artifactFacts(request, ports, files),
        cache: 'computed',
      }
    const cached = await ports.evidence.get(key)
    if (cached.status === 'sealed')
      return { kind: request.kind, status: 'present', key, facts: cached.document, cache: 'sealed' } as Evidence
    const facts = await measure(request, ports, files)
    await ports.evidence.put(key, facts)
    return {
      kind: request.kind,
      status: 'present',
      key,
      facts,
      cache: cached.status === 'not-ours' ? 'not-ours' : 'computed',
    } as Evidence
  } catch (error) {
    if (error instanceof Unavailable)
      return { kind: request.kind, status: error.status, key, because: error.message, mend: error.mend }
    const mend = (error as { mend?: unknown }).mend
    if (typeof mend === 'string')
      return { kind: request.kind, status: 'missing', key, because: (error as Error).message, mend }
    throw error
  }
}

function measure(
  request: Exclude<EvidenceRequest, ArtifactRequest>,
  ports: GatherPorts,
  files: JobFiles,
): Promise<FactsOf[keyof FactsOf]> {
  switch (request.kind) {
    case 'metrics':
      return gatherMetrics(request, ports, files)
    case 'fairness':
      return gatherFairness(request, ports, files)
    case 'units':
      return gatherUnits(request, ports, files)
    case 'quality':
      return gatherQuality(request, ports, files)
    case 'drift':
      return gatherDrift(request, ports, files)
  }
}
