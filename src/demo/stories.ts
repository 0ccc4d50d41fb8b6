import { git } from '../adapters/checkout/git.ts'
import {
  commitAll,
  initRepository,
  type NewFile,
  startBranch,
  writeFiles,
} from '../adapters/checkout/new-repository.ts'
import type { Status } from '../gates/finding.ts'
import {
  easierExam,
  looserPolicy,
  MANIFEST_PATH,
  manifestText,
  registryFiles,
  storeFiles,
  tamperedRecord,
} from './adult-registry.ts'

/** One pull request of the demo, and how its check must come out. */
export interface Story {
  readonly branch: string
  readonly title: string
  readonly told: string
  /** @param policyEnd  lines that the policy has at its end, which no story is about */
  readonly files: (policyEnd?: string) => Promise<readonly NewFile[]>
  readonly expected: { readonly status: Status; readonly gates: Readonly<Record<string, Status>> }
  /** Merged afterwards, so that the next stories start from it. */
  readonly merge: boolean
}

const serve = (version: string): NewFile => ({ path: MANIFEST_PATH, content: manifestText(version) })

export const STORIES: readonly Story[] = [
  {
    branch: 'promote-1.1.0',
    title: '1.0.0 -> 1.1.0 passes',
    told: 'Gradient boosting with the same reweighing is better and as fair.',
    files: async () => [serve('1.1.0')],
    expected: { status: 'passed', gates: { metrics: 'passed', fairness: 'passed', integrity: 'passed' } },
    merge: true,
  },
  {
    branch: 'promote-1.2.0',
    title: '1.1.0 -> 1.2.0, better in every metric, is held by fairness',
    told: 'Without reweighing every metric improves, and women are selected far less often than men.',
    files: async () => [serve('1.2.0')],
    expected: { status: 'failed', gates: { metrics: 'passed', fairness: 'failed' } },
    merge: false,
  },
  {
    branch: 'promote-1.3.0',
    title: '1.1.0 -> 1.3.0 is held by metrics',
    told: 'Somebody trained on 400 rows, a quarter of them mislabelled.',
    files: async () => [serve('1.3.0')],
    expected: { status: 'failed', gates: { metrics: 'failed' } },
    merge: false,
  },
  {
    branch: 'promote-1.1.1',
    title: 'A tampered artifact is held by integrity',
    told: 'The record names the digest that was reviewed; one bit of the bytes in the store is another.',
    files: async () => [serve('1.1.1'), await tamperedRecord()],
    expected: { status: 'failed', gates: { integrity: 'failed' } },
    merge: false,
  },
  {
    branch: 'loosen-and-promote',
    title: 'A policy loosened in the same change helps nothing',
    told: '1.2.0 again, and the fairness rules are relaxed in the same pull request.',
    files: async (policyEnd) => [serve('1.2.0'), looserPolicy(policyEnd)],
    expected: { status: 'failed', gates: { fairness: 'failed', registry: 'failed' } },
    merge: false,
  },
  {
    branch: 'easier-exam',
    title: 'An easier exam in the same change helps nothing',
    told: '1.3.0 again, and model.yml names 2,092 rows that any model gets right.',
    files: async () => [serve('1.3.0'), await easierExam()],
    expected: { status: 'failed', gates: { metrics: 'failed', registry: 'failed' } },
    merge: false,
  },
]

/** The model repository of the demo: files, store and first commit on `main`. */
export async function makeRepository(folder: string): Promise<void> {
  await initRepository(folder)
  await writeFiles(folder, [...(await storeFiles()), ...(await registryFiles())])
  await commitAll(folder, 'models: adult 1.0.0 to 1.3.0; production serves 1.0.0')
}

/** A branch from main with the story's change; main is checked out again afterwards. */
export async function openBranch(folder: string, story: Story): Promise<void> {
  await startBranch(folder, story.branch, 'main')
  await writeFiles(folder, await story.files())
  await commitAll(folder, story.title)
  await git(folder, ['switch', '--quiet', 'main'])
}
