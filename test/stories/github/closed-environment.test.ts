import { dump } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { openPull } from '../../../src/world/github/acts/open-pull.ts'
import { push } from '../../../src/world/github/acts/push.ts'
import { commitTree } from '../../../src/world/github/api-commit.ts'
import { personOf } from '../../../src/world/github/signature.ts'
import { findAccount } from '../../../src/world/github/state/find.ts'
import type { PullHandle } from '../../../src/world/pull-handle.ts'
import { BETTER, MANIFEST, openStory, type Story, serves, UNFAIR } from '../../support/github-world.ts'

const OPEN = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] }, merge: { automatic: true } }
const FOLDER = 'deploy/production'

/** As people write it. */
const yaml = (version: string) => dump(JSON.parse(serves(version)[MANIFEST] ?? ''))
const manifest = yaml('1.0.0')
const unfair = yaml(UNFAIR)
/** The version that nobody weighed, under another name and without our label. */
const hidden = unfair
  .replace(/ {2}labels:\n.*\n/, '')
  .replace(/ {2}annotations:\n.*\n/, '')
  .replace('name: adult', 'name: shadow')
const indented = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`)
    .join('\n')

/** Ways to have the cluster serve what was not weighed, beside or inside a promotion that is sound. */
const ATTACKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a serving object without our label (S57)': { [`${FOLDER}/shadow.yml`]: hidden },
  'the same in a List (S58)': { [`${FOLDER}/list.yml`]: `apiVersion: v1\nkind: List\nitems:\n${indented(hidden)}\n` },
  'the same as JSON (S58)': {
    [`${FOLDER}/shadow.json`]: JSON.stringify({
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'shadow', namespace: 'production' },
      spec: { predictor: { model: { modelFormat: { name: 'onnx' }, storageUri: 's3://elsewhere/model.onnx' } } },
    }),
  },
  'a second document after the bound one (S58)': { [MANIFEST]: `${yaml(BETTER)}---\n${hidden}` },
  'a kustomization that patches what was read (S59)': {
    [`${FOLDER}/kustomization.yaml`]: 'resources: [adult.yml]\npatches: [{path: patch.yml}]\n',
  },
  'a remote base (S59)': { [`${FOLDER}/kustomization.yaml`]: 'resources: [https://example.com/base]\n' },
  'a chart (S59)': { [`${FOLDER}/Chart.yaml`]: 'apiVersion: v2\nname: x\nversion: 1.0.0\n' },
  'an Argo CD application that follows another branch (S60)': {
    [`${FOLDER}/app.yml`]:
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec: {source: {repoURL: https://example.com/x, targetRevision: lax, path: .}}\n',
  },
  'a transformer that moves the threshold (S61)': {
    [MANIFEST]: manifest.replace(
      'spec:\n',
      'spec:\n  transformer:\n    containers: [{name: t, image: example.com/t, args: [--threshold=0.1]}]\n',
    ),
  },
  'an argument and an environment variable of the same object (S61)': {
    [MANIFEST]: manifest.replace(
      '      modelFormat:',
      '      args: [--threshold=0.1]\n      env: [{name: THRESHOLD, value: "0.1"}]\n      modelFormat:',
    ),
  },
  'a merge key that brings in another artifact (S62)': {
    [MANIFEST]: manifest.replace('    model:\n', `    model:\n      <<: {storageUri: 's3://elsewhere/model.onnx'}\n`),
  },
  'the same key twice (S62)': {
    [MANIFEST]: manifest.replace('    model:\n', `    model:\n      storageUri: s3://elsewhere/model.onnx\n`),
  },
  'a number that two readers take for two (S62)': {
    [MANIFEST]: manifest.replace('spec:\n', 'spec:\n  canaryTrafficPercent: 010\n'),
  },
  'a tag that makes text of something else (S62)': {
    [MANIFEST]: manifest.replace(/weighbridge\.dev\/version: .*/, 'weighbridge.dev/version: !!binary MS4xLjA='),
  },
}

describe('an environment is closed: nothing is merged that brings in', () => {
  for (const [attack, files] of Object.entries(ATTACKS))
    test(attack, async () => {
      expect(files[MANIFEST]).not.toBe(manifest)
      const story = await openStory({ policy: OPEN })

      const alone = await story.opens({ branch: 'alone', files, by: 'dana' })
      const beside = await story.opens({ branch: 'beside', files: { ...serves(BETTER), ...files }, by: 'dana' })

      for (const pull of [alone, beside]) {
        expect(pull.check('weighbridge')?.status).toBe('completed')
        expect(pull.check('weighbridge')?.conclusion).toMatch(/failure|action_required/)
        expect(pull.state).toBe('open')
      }
    })

  for (const [what, mode] of [
    ['a symbolic link (S59)', '120000'],
    ['a submodule (S59)', '160000'],
  ] as const)
    test(what, async () => {
      const story = await openStory({ policy: OPEN })

      const pull = await opensWithEntry(story, mode)

      expect(pull.check('weighbridge')?.conclusion).toMatch(/failure|action_required/)
      expect(pull.state).toBe('open')
    })
})

test('a base that is edited below an overlay is seen as what it serves (S59)', async () => {
  const overlay = `${FOLDER}/kustomization.yaml`
  const files = { [overlay]: 'resources: [../base/adult.yml]\n', 'deploy/base/adult.yml': manifest }
  const story = await openStory({ policy: OPEN, files })

  const pull = await story.opens({ branch: 'base', files: { 'deploy/base/adult.yml': unfair }, by: 'dana' })

  expect(pull.check('weighbridge')?.conclusion).toMatch(/failure|action_required/)
  expect(pull.state).toBe('open')
})

/** A pull request that puts an entry of an uncommon mode among the manifests. */
async function opensWithEntry(story: Story, mode: '120000' | '160000'): Promise<PullHandle> {
  const { repository, world } = story
  const { running, state } = world.github
  const account = findAccount(state, 'dana') ?? expect.fail()
  const actor = { kind: 'user', account } as const
  const parent = (await repository.tip()) ?? ''
  const { storage } = running
  const oid = mode === '160000' ? parent : await storage.writeBlob(repository.id, Buffer.from('../../README.md'))
  const root = (await storage.commit(repository.id, parent))?.tree ?? ''
  const tree = await storage.changeTree(repository.id, root, new Map([[`${FOLDER}/odd`, { oid, mode }]]))
  const at = { repository: repository.id }
  const author = personOf(account, world.clock.now())
  const sha = await commitTree(running, actor, {
    ...at,
    tree,
    parents: [parent],
    message: 'odd\n',
    isWeb: false,
    author,
  })
  await push(running, actor, { ...at, changes: [{ ref: 'refs/heads/odd', from: null, to: sha }] })
  const { number } = await openPull(running, actor, { ...at, title: 'odd', head: 'odd', base: 'main' })
  await story.settles()
  return repository.pull(number)
}
