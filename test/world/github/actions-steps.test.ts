import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { HERE, oneJob, openActions, TRAIN } from './support/actions-office.ts'

const job = (steps: string, more = '') =>
  `name: Train\non:\n  workflow_dispatch: { inputs: { rate: { type: string } } }\n${more}jobs:\n  train:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`

test("a step's output reaches the next step and the next job, and its environment the steps behind it", async () => {
  const { runs, job: of } = await openActions({
    workflow: `on: workflow_dispatch
env: { LEVEL: workflow, SEEN: workflow }
jobs:
  first:
    runs-on: ubuntu-latest
    env: { LEVEL: job }
    outputs: { auc: "\${{ steps.train.outputs.auc }}", text: "\${{ steps.train.outputs.text }}" }
    steps:
      - id: train
        run: |
          echo "auc=0.91" >> "$GITHUB_OUTPUT"
          printf 'text<<END\\none\\ntwo\\nEND\\n' >> "$GITHUB_OUTPUT"
          echo "FROM_STEP=set" >> "$GITHUB_ENV"
          mkdir bin && printf '#!/bin/sh\\necho tool' > bin/tool && chmod +x bin/tool
          echo "$PWD/bin" >> "$GITHUB_PATH"
      - env: { LEVEL: step }
        run: echo "$LEVEL $SEEN $FROM_STEP $(tool) \${{ env.LEVEL }} \${{ steps.train.outputs.auc }}"
      - run: echo "then $LEVEL"
  second:
    needs: first
    runs-on: ubuntu-latest
    steps:
      - env: { TEXT: "\${{ toJSON(needs.first.outputs.text) }}" }
        run: echo "got \${{ needs.first.outputs.auc }} $TEXT"
`,
  })

  await runs()

  expect(of('first').log).toContain(' step workflow set tool step 0.91\n')
  expect(of('first').log).toContain(' then job\n')
  expect(of('second').log).toContain(' got 0.91 "one\\ntwo"\n')
})

test('a step that fails ends the job but for those that asked to run, and says its exit code', async () => {
  const {
    runs,
    job: of,
    annotations,
    conclusion,
  } = await openActions({
    workflow: job(`      - { name: forgiven, run: exit 9, continue-on-error: true, id: forgiven }
      - { name: seen, if: steps.forgiven.outcome == 'failure' && steps.forgiven.conclusion == 'success', run: 'true' }
      - { name: breaks, run: 'false && true; exit 3' }
      - { name: next, run: 'true' }
      - { name: mends, if: failure(), run: 'true' }
      - { name: tidies, if: always(), run: 'true' }
      - { name: never, if: cancelled(), run: 'true' }
`),
  })

  expect(await conclusion(await runs())).toBe('failure')
  expect(
    of('train')
      .steps.slice(1)
      .map((step) => `${step.name} ${step.conclusion}`),
  ).toEqual([
    'forgiven success',
    'seen success',
    'breaks failure',
    'next skipped',
    'mends success',
    'tidies success',
    'never skipped',
  ])
  expect(await annotations('train')).toEqual([
    'Process completed with exit code 9.',
    'Process completed with exit code 3.',
  ])
})

test('shells are as GitHub starts them, in the folder that is asked for', async () => {
  const { runs, job: of } = await openActions({
    workflow: job(
      `      - run: mkdir -p deep
      - run: 'false | true; echo "plain goes on"'
      - { shell: bash, run: 'set -o | grep -c "pipefail.*on"; pwd', working-directory: deep }
      - shell: python
        run: |
          import os
          if True:
              print('python', os.environ['GITHUB_JOB'], '\${{ inputs.rate }}')
      - { shell: 'node {0}', run: 'console.log("node", process.version.startsWith("v24"))' }
      - { shell: pwsh, run: 'x', continue-on-error: true }
`,
    ),
  })

  await runs({ rate: 'it is {0.1}' })

  const { log } = of('train')
  expect(log).toContain(' plain goes on\n')
  expect(log).toMatch(/ 1\n\S+ \/.*\/deep\n/)
  expect(log).toContain(' python train it is {0.1}\n')
  expect(log).toContain(' node true\n')
  expect(log).toContain("Invalid shell option 'pwsh'")
})

test('a job begins with nothing of the machine but programs: no variable and no home of whoever runs the world', async () => {
  process.env.WEIGHBRIDGE_TEST_LEAK = 'leaked'
  const { runs, job: of } = await openActions({ workflow: oneJob('env; ls -A "$HOME" | wc -l; ls -A | wc -l') })

  await runs()

  delete process.env.WEIGHBRIDGE_TEST_LEAK
  const { log } = of('train')
  expect(log).not.toContain('leaked')
  expect(log).toContain(' GITHUB_REPOSITORY=acme/models\n')
  expect(log).toContain(` GITHUB_ACTOR=weighbridge[bot]\n`)
  expect(log.match(/ 0\n/g)).toHaveLength(2)
})

test('secrets are never shown: not in the log, the annotations, the summary or the outputs', async () => {
  const office = await openActions({
    workflow: `on: workflow_dispatch
jobs:
  train:
    runs-on: ubuntu-latest
    outputs: { leak: "\${{ steps.s.outputs.leak }}", fine: ok }
    steps:
      - id: s
        env: { KEY: "\${{ secrets.STORE_KEY }}" }
        run: |
          echo "key $KEY"; echo "::error::key $KEY"; echo "$KEY" >> "$GITHUB_STEP_SUMMARY"; echo "leak=$KEY" >> "$GITHUB_OUTPUT"
          echo "::add-mask::found-later"; echo "then found-later"; echo "token \${{ github.token }}"; echo "\${{ vars.REGION }}"
`,
  })
  office.world.actions.secrets('acme/models', { STORE_KEY: 'hunter2-hunter2' })
  office.world.actions.variables('acme/models', { REGION: 'eu-1' })

  await office.runs()

  const train = office.job('train')
  const shown = JSON.stringify([train, await office.annotations('train')])
  expect(shown).not.toMatch(/hunter2|found-later|ghs_/)
  expect(train.log).toContain(' key ***\n')
  expect(train.log).toContain(' eu-1\n')
  expect(train.outputs).toEqual({ fine: 'ok' })
})

test('artifacts come back byte for byte with their digest, to later jobs and over the API', async () => {
  const office = await openActions({
    workflow: `on: workflow_dispatch
jobs:
  train:
    runs-on: ubuntu-latest
    strategy: { matrix: { n: [1, 2] } }
    steps:
      - run: mkdir -p out/deep && head -c 70000 /dev/urandom > out/deep/model.bin && echo "\${{ matrix.n }}" > out/n.txt && touch out/.hidden
      - run: sha256sum out/deep/model.bin | cut -d' ' -f1
      - { id: up, uses: actions/upload-artifact@v4, with: { name: 'model-\${{ matrix.n }}', path: out/ } }
      - run: echo "digest \${{ steps.up.outputs.artifact-digest }}"
      - { uses: actions/upload-artifact@v4, with: { name: 'model-\${{ matrix.n }}', path: out/ }, continue-on-error: true }
      - { uses: actions/upload-artifact@v4, with: { name: none, path: 'nothing/*', if-no-files-found: error }, continue-on-error: true }
  collect:
    needs: train
    runs-on: ubuntu-latest
    steps:
      - { uses: actions/download-artifact@v4, with: { pattern: 'model-*', path: all } }
      - { uses: actions/download-artifact@v4, with: { name: model-2, path: one } }
      - run: find . -type f | sort; cmp all/model-2/deep/model.bin one/deep/model.bin && cat one/n.txt
`,
  })

  const run_id = await office.runs()

  const { artifacts } = (await office.bot.rest.actions.listWorkflowRunArtifacts({ ...HERE, run_id })).data
  expect(artifacts.map((one) => one.name).sort()).toEqual(['model-1', 'model-2'])
  const one = artifacts.find((artifact) => artifact.name === 'model-1')
  const zip = await office.bot.rest.actions.downloadArtifact({
    ...HERE,
    artifact_id: one?.id ?? 0,
    archive_format: 'zip',
  })
  const bytes = new Uint8Array(zip.data as ArrayBuffer)
  const hex = (of: Uint8Array) => createHash('sha256').update(of).digest('hex')
  expect(`sha256:${hex(bytes)}`).toBe(one?.digest)
  expect(office.job('train (1)').log).toContain(` digest ${hex(bytes)}\n`)
  const files = unzipSync(bytes)
  expect(Object.keys(files).sort()).toEqual(['deep/model.bin', 'n.txt'])
  expect(office.job('train (1)').log).toContain(hex(files['deep/model.bin'] ?? new Uint8Array()))
  expect(office.job('train (1)').log).toContain('an artifact with this name already exists')
  expect(office.job('train (1)').log).toContain('No files were found with the provided path: nothing/*')
  expect(office.job('collect').conclusion).toBe('success')
  expect(office.job('collect').log.match(/ \.\/\S+/g)).toHaveLength(6)
})

const COMPOSITE = `name: Weigh
description: Weighs
inputs: { model: { description: which, required: true }, level: { description: how much, default: light } }
outputs: { said: { description: what, value: "\${{ steps.say.outputs.said }}" } }
runs:
  using: composite
  steps:
    - id: say
      shell: bash
      run: echo "said=\${{ inputs.model }}/\${{ inputs.level }}" >> "$GITHUB_OUTPUT"; ls "$GITHUB_ACTION_PATH"
`
const NODE = `name: Count
description: Counts
inputs: { start from: { description: n, default: '1' } }
runs: { using: node24, main: main.js, post: post.js }
`
const MAIN = `import { appendFileSync } from 'node:fs'
appendFileSync(process.env.GITHUB_OUTPUT, 'next=' + (Number(process.env.INPUT_START_FROM) + 1) + '\\n')
appendFileSync(process.env.GITHUB_STATE, 'kept=mine\\n')
`

test('actions of the repository and of other repositories of the world run: composite, and by Node with its post', async () => {
  const office = await openActions({
    workflow: job(`      - uses: actions/checkout@v4
      - { id: weigh, uses: ./.github/actions/weigh, with: { model: churn } }
      - { id: count, uses: acme/tools/count@v1, with: { start from: 41 } }
      - run: echo "\${{ steps.weigh.outputs.said }} \${{ steps.count.outputs.next }}"
      - { uses: somebody/unknown@v1, continue-on-error: true }
      - { uses: ./nowhere, continue-on-error: true }
`),
    files: { '.github/actions/weigh/action.yml': COMPOSITE },
  })
  const tools = await office.world.repository('acme/tools', {
    files: {
      'count/action.yml': NODE,
      'count/main.js': MAIN,
      'count/post.js': `console.log('post', process.env.STATE_kept)`,
      'count/package.json': '{"type":"module"}',
    },
  })
  const sha = (await tools.tip()) ?? ''
  await office.as('ada').rest.git.createRef({ owner: 'acme', repo: 'tools', ref: 'refs/tags/v1', sha })

  await office.runs()

  const train = office.job('train')
  expect(train.log).toContain(' churn/light 42\n')
  expect(train.log).toContain(' post mine\n')
  expect(train.steps.at(-1)?.name).toBe('Post Run acme/tools/count@v1')
  expect(train.log).toContain('this world hosts no repository somebody/unknown and stands in only for actions/cache')
  expect(train.log).toContain("Can't find 'action.yml'")
  expect(train.conclusion).toBe('success')
})

test('a checkout is a real clone: of one commit unless more are asked for, on its branch', async () => {
  const office = await openActions({
    workflow: job(`      - uses: actions/checkout@v4
      - run: echo "$(git rev-parse HEAD) $(git rev-list --count HEAD) $(git branch --show-current) $(git status --porcelain | wc -l)"
      - { uses: actions/checkout@v4, with: { fetch-depth: 0, path: whole, ref: feature } }
      - run: git -C whole log --format=%s origin/main; cat whole/new.txt
      - { uses: actions/checkout@v4, with: { repository: acme/secret, path: other }, continue-on-error: true }
`),
    isPrivate: true,
  })
  await office.world.repository('acme/secret', { isPrivate: true, files: { 'a.txt': 'a' } })
  const models = await office.world.repository('acme/models')
  await models.commit({ 'new.txt': 'on a branch\n' }, { branch: 'feature' })
  const tip = await models.commit({ 'README.md': '# Again\n' }, { message: 'Say it again' })

  await office.runs()

  const { log } = office.job('train')
  expect(log).toContain(` ${tip} 1 main 0\n`)
  expect(log).toMatch(/ Say it again\n\S+ Initial commit\n[\s\S]* on a branch\n/)
  expect(log).toContain('Repository not found, or not readable by the token: acme/secret')
})

test('a summary is kept, masks and all, and one that is too large is not', async () => {
  const {
    runs,
    job: of,
    annotations,
  } = await openActions({
    workflow: job(`      - run: echo '# Trained' >> "$GITHUB_STEP_SUMMARY"
      - run: head -c 1100000 /dev/zero | tr '\\0' x >> "$GITHUB_STEP_SUMMARY"
      - run: 'echo "::warning file=train.py,line=3,title=Careful::the loss%0Ais high"'
`),
  })

  await runs()

  expect(of('train').summary).toBe('# Trained\n')
  expect(await annotations('train')).toEqual([
    '$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1075k',
    'the loss\nis high',
  ])
})

test('a step that takes longer than it may fails, while the clock runs on', async () => {
  const office = await openActions({
    workflow: job(`      - { run: sleep 300, timeout-minutes: 2, name: sleeps }\n`),
    runner: { time: 'flows' },
  })
  const run = await office.dispatch()
  await office.world.settles()
  while (office.job('train').steps[1]?.status !== 'in_progress') await new Promise((resolve) => setTimeout(resolve, 10))

  await office.world.passes(121_000)
  await office.world.actions.settle()

  expect(await office.conclusion(run)).toBe('failure')
  expect(await office.annotations('train')).toEqual(["The action 'sleeps' has timed out after 2 minutes."])
})

test("a job's token reaches the world's API with what the workflow declares, and no further, and not after the job", async () => {
  const api = `curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY`
  const office = await openActions({
    listens: true,
    workflow: job(
      `      - env: { TOKEN: "\${{ github.token }}" }
        run: |
          echo "read $(${api}/actions/runs")"
          echo "write $(${api}/issues" -d '{"title":"x"}')"
          echo "$TOKEN" | rev
`,
      'permissions: { actions: read }\n',
    ),
  })

  await office.runs()

  const { log } = office.job('train')
  expect(log).toContain(' read 200\n')
  expect(log).toContain(' write 403\n')
  const token = [...(/ (\w+_shg)\n/.exec(log)?.[1] ?? '')].reverse().join('')
  expect(office.world.github.state.tokens.has(token)).toBe(false)
  expect(token).toMatch(/^ghs_/)
})

test('a workflow that cannot be read says why to whoever starts it', async () => {
  const { dispatch, world } = await openActions({ workflow: oneJob("'true'") })
  await (await world.repository('acme/models')).commit({ [TRAIN]: `${oneJob("'true'")}        with-it: 3\n` })

  await expect(dispatch()).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining("Unexpected value 'with-it'"),
  })
})
