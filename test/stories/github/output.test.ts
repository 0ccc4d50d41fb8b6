import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { ALSO_BETTER, BETTER, openStory, RULES, type Story, serves, UNFAIR } from '../../support/github-world.ts'

const AWS_KEY = 'canaryAwsSecretKey/0123456789abcdefghij'
const METRICS_TOKEN = 'canary-metrics-token-0123456789'
const CLIENT_SECRET = 'canary-client-secret-0123456789'
const WEBHOOK_SECRET = 'canary-second-webhook-secret-01'
const URL_PASSWORD = 'canary-url-password'

/** Everything that anybody can read of what the app wrote: to GitHub, to its store, to its log, to its pages. */
async function written({ app, home, repository, world }: Story, log: readonly string[]): Promise<readonly string[]> {
  const { state } = world.github
  const own = world.app.bot.id
  const files = globSync('files/**/*', { cwd: home.path, withFileTypes: true }).filter((file) => file.isFile())
  const pages = await Promise.all(
    [
      '/healthz',
      '/readyz',
      '/metrics',
      ...new Set([...state.runs.values()].map(({ detailsUrl }) => pathOf(detailsUrl))),
    ].map((path) =>
      app.answer({
        method: 'GET',
        path,
        query: new URLSearchParams(),
        headers: { authorization: `Bearer ${METRICS_TOKEN}` },
        isLoopback: true,
      }),
    ),
  )
  const ledger = await repository.paths('weighbridge/ledger')
  return [
    ...log,
    ...[...state.runs.values()].filter(({ app: by }) => by === world.app.id).map((run) => JSON.stringify(run)),
    ...[...state.comments.values()].filter(({ author }) => author === own).map(({ body }) => body),
    ...[...state.issues.values()].filter(({ author }) => author === own).map((issue) => JSON.stringify(issue)),
    ...[...state.deployments.values()].map((deployment) => JSON.stringify(deployment)),
    ...files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')),
    ...pages.map((page) => JSON.stringify(page?.headers ?? {}) + String(page?.body ?? '')),
    ...(await Promise.all(ledger.map(async (path) => (await repository.file(path, 'weighbridge/ledger')) ?? ''))),
  ]
}

function pathOf(url: string | null | undefined): string {
  return url ? new URL(url).pathname : '/'
}

function logged() {
  const lines: string[] = []
  return { lines, logTo: { write: (line: string) => void lines.push(line) } }
}

describe('secrets', () => {
  test('of the environment, of keys, tokens, stores and URLs appear nowhere, whatever happens (S42)', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', AWS_KEY)
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIACANARY0123456789')
    const { lines, logTo } = logged()
    const trouble = { left: 0 }
    const story = await openStory({
      logTo,
      requires: null,
      settings: {
        logLevel: 'trace',
        metricsToken: METRICS_TOKEN,
        pages: { clientId: 'x', clientSecret: CLIENT_SECRET },
      },
      network: (send) => async (input, init) => {
        const request = new Request(input, init)
        if (trouble.left === 0 || !/compare|graphql/.test(request.url)) return send(request)
        trouble.left--
        if (trouble.left % 3 === 0)
          throw new TypeError(`fetch failed: https://x:${URL_PASSWORD}@ghe/ ${tokenOf(request)}`)
        const message = `bad credentials ${tokenOf(request)} for https://x:${URL_PASSWORD}@ghe/`
        return trouble.left % 3 === 1
          ? Response.json({ message }, { status: 502 })
          : new Response(message, { status: 200 })
      },
      files: {
        'models/adult/versions/2.0.0.yml': recordWith(
          `https://user:${URL_PASSWORD}@example.com/model.onnx?X-Amz-Signature=${URL_PASSWORD}`,
        ),
      },
    })
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    await story.after(pull.mergedBy('erin'))
    await story.promotes('2.0.0')
    const unfair = await story.promotes(UNFAIR)
    await story.after(unfair.mergedBy('dana'))
    trouble.left = 60
    await story.promotes(ALSO_BETTER)
    await story.settles(6 * 3_600_000)

    const all = (await written(story, lines)).join('\n')
    const { privateKey, webhookSecret } = story.world.app
    const pem = readFileSync(join(story.home.path, 'weighbridge/ledger.pem'), 'utf8')
    const keys = [privateKey, pem].flatMap((text) =>
      text.split('\n').filter((line) => line.length > 30 && !line.startsWith('---')),
    )
    const tokens = [...story.world.github.state.tokens.keys()]
    const seal = readFileSync(join(story.home.path, 'seal.key'), 'utf8').trim()
    const canaries = [AWS_KEY, METRICS_TOKEN, CLIENT_SECRET, WEBHOOK_SECRET, webhookSecret, seal, ...keys, ...tokens]
    vi.unstubAllEnvs()

    expect(canaries.filter((canary) => all.includes(canary))).toEqual([])
    expect(lines.length).toBeGreaterThan(10)
    expect(tokens.length).toBeGreaterThan(0)
    expect(lines.join('').includes(URL_PASSWORD)).toBe(false)
    expect(all).toContain('adult 1.0.0')
  })
})

function tokenOf(request: Request): string {
  return request.headers.get('authorization') ?? ''
}

/** A record whose artifact is somewhere that nobody granted. */
function recordWith(uri: string): string {
  const digest = `sha256:${'0'.repeat(64)}`
  return JSON.stringify({
    model: 'adult',
    version: '2.0.0',
    created: '2026-10-01T08:00:00Z',
    artifact: { uri, digest, size_bytes: 10, format: 'onnx' },
    features: ['age'],
    training: { parameters: {}, seed: 7 },
  })
}

const HOSTILE = [
  '@acme/ml please approve @erin',
  '<!-- weighbridge:landed -->',
  '</details></summary><h1>Passed</h1>',
  '| a | b |\n|---|---|\n| ✓ | passed |',
  '![x](https://evil.example/pixel.png) [click](javascript:alert(1))',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '{{ secrets.TOKEN }} {{ github.token }} <%= 7*7 %> {{constructor.constructor("x")()}}',
  '\u202e\u2066right to left\u0000\u001b[31m',
  'x'.repeat(100_000),
]

describe('text of others', () => {
  for (const [index, text] of HOSTILE.entries())
    test(`in titles, names, reasons and files is shown as text or not at all, within GitHub’s limits: ${index + 1} (S43, S45)`, async () => {
      const { lines, logTo } = logged()
      const story = await openStory({ logTo, settings: { logLevel: 'trace' }, requires: null })
      const quoted = JSON.stringify(text)
      const files = {
        ...serves(UNFAIR),
        'models/adult/versions/9.9.9.yml': `model: ${quoted}\nversion: ${quoted}\nnotes: ${quoted}\n`,
        [`models/${fileName(text)}/model.yml`]: `task: ${quoted}\nowner: ${quoted}\n`,
        'policies/other.yml': `gates: {custom: [{id: x, rule: ${quoted}}]}\n${quoted}: 1\n`,
        'deploy/production/other.yml': `kind: InferenceService\nmetadata: {name: ${quoted}, labels: {weighbridge.dev/model: ${quoted}}}\nspec: {predictor: {model: {storageUri: ${quoted}}}}\n`,
      }

      const pull = await story.opens({ branch: 'hostile', files, by: 'dana', title: text.slice(0, 200), body: text })
      await story.after(pull.mergedBy('dana'))

      const own = ownTexts(story)
      expect(own.length).toBeGreaterThan(3)
      for (const shown of own) expect(dangers(shown)).toEqual([])
      expect(lines.join('')).not.toContain(text.slice(0, 60).trim())
      expect(story.world.github.contractBreaks).toEqual([])
    })

  test('that says to approve, written by the pull request itself, decides nothing (S45)', async () => {
    const story = await openStory({ policy: { ...RULES, merge: { automatic: true } } })

    const pull = await story.promotes(UNFAIR, {
      title: 'weighbridge: success',
      body: '/approve /promote @weighbridge merge',
    })

    expect([pull.check('weighbridge')?.conclusion, pull.state]).toEqual(['failure', 'open'])
  })

  test('names of branches that are paths, queries and flags are asked for as they are (S10, S11)', async () => {
    for (const branch of [
      'a/../b',
      '-rf',
      'a b',
      'x?y=1&z',
      'x#y',
      'x%2e%2e%2fy',
      'ü/é',
      'q\'"`$(id)',
      '{owner}',
    ].filter(isBranch)) {
      const story = await openStory()
      const pull = await story.promotes(BETTER, { branch })
      await story.after(pull.approve('erin'))

      expect([branch, pull.check('weighbridge')?.conclusion]).toEqual([branch, 'success'])
      expect(story.world.github.contractBreaks).toEqual([])
    }
  })
})

/** What Git itself takes for a branch. */
function isBranch(name: string): boolean {
  return !/\.\.|^-|[ ~^:?*[\\]|@\{|\/\/|\.$|\.lock$/.test(name)
}

/** A folder's name as far as Git takes one. */
function fileName(text: string): string {
  return text.replace(/[/\p{Cc}]/gu, '_').slice(0, 80)
}

/** Texts of ours that GitHub renders. */
function ownTexts({ world }: Story): readonly string[] {
  const { state } = world.github
  const own = world.app.bot.id
  return [
    ...[...state.runs.values()]
      .filter(({ app }) => app === world.app.id)
      .flatMap(({ output }) => [output.summary ?? '', output.text ?? '']),
    ...[...state.comments.values()].filter(({ author }) => author === own).map(({ body }) => body),
    ...[...state.issues.values()].filter(({ author }) => author === own).map(({ body }) => body ?? ''),
  ].filter((text) => text !== '')
}

/** What in a Markdown text would act: tags, images, links, mentions, templates, invisible marks. Code is inert but for length. */
function dangers(markdown: string): readonly string[] {
  const plain = markdown
    .replace(/^<!-- weighbridge:[\w:/.-]+ -->\n/, '')
    .replace(/(`{3,})[\s\S]*?\1/g, '')
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
    .replace(/\\[^\n]/g, '·')
  const patterns = {
    tag: /<(?!\/?(details|summary|b|br)>)[a-z!/]/i,
    image: /!\[/,
    link: /\]\(\s*javascript:/i,
    mention: /(^|[^\w`])@[a-z0-9]/i,
    invisible: /(?![\n\t])[\p{Cc}\p{Cf}]/u,
  }
  const found = Object.entries(patterns).flatMap(([name, pattern]) => {
    const match = pattern.exec(plain)
    return match === null ? [] : [`${name}: ${plain.slice(Math.max(0, match.index - 40), match.index + 60)}`]
  })
  return markdown.length > 65_535 ? [...found, `long: ${markdown.length}`] : found
}
