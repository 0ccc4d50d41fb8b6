import { MANIFEST_PATH, manifestText } from '../../../src/demo/adult-registry.ts'
import type { Tale } from './swept-app.ts'

export const serves = (version: string) => ({ [MANIFEST_PATH]: manifestText(version) })

/** Merges by itself; nobody has to approve. */
const BY_ITSELF = {
  'policies/production.yml': `gates:
  metrics:
    - {metric: roc_auc, min: 0.85}
  fairness:
    - {across: sex, metric: disparate_impact, min: 0.5}
merge: {automatic: true}
`,
}

/** Merges by itself when somebody has approved. */
export const WHEN_APPROVED = {
  'policies/production.yml': `extends: weighbridge/baseline
gates:
  metrics:
    - {metric: roc_auc, min: 0.85}
  fairness:
    - {across: sex, metric: disparate_impact, min: 0.5}
merge: {automatic: true}
`,
}

const better = { branch: 'better', files: serves('1.1.0'), by: 'dana' }

/** Nothing on GitHub's side holds what we did not weigh: only we do. */
export const UNPROTECTED: Tale = {
  files: BY_ITSELF,
  tell: async (repository) => void (await repository.opensPull(better)),
}

/** The four stories of a promotion. */
export const TALES = {
  'passes and merges': {
    files: BY_ITSELF,
    prepared: (repository) => repository.requires(['weighbridge'], { strict: true }),
    tell: async (repository) => void (await repository.opensPull(better)),
  },
  held: {
    tell: async (repository) =>
      void (await repository.opensPull({ branch: 'unfair', files: serves('1.2.0'), by: 'dana' })),
  },
  'approved by review, then merged': {
    files: WHEN_APPROVED,
    prepared: (repository) => repository.requires(['weighbridge'], { strict: true }),
    tell: async (repository, settled) => {
      const pull = await repository.opensPull(better)
      await settled()
      await pull.approve('erin')
    },
  },
  'merge queue': {
    files: BY_ITSELF,
    prepared: (repository) => repository.requires(['weighbridge'], { mergeQueue: true }),
    tell: async (repository) => void (await repository.opensPull(better)),
  },
} as const satisfies Readonly<Record<string, Tale>>
