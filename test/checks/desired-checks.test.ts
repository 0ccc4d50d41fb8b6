import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evidenceKeyIn, jointKey, parseExternalId, titleText } from '../../src/checks/desired-check.ts'
import { desiredChecks } from '../../src/checks/desired-checks.ts'
import { allOf, type Finding, finding, type Status } from '../../src/gates/finding.ts'
import { crashed } from '../../src/policy/crash.ts'
import { aucRule, gate, promotion, root } from '../report/checks.ts'
import { checkAbout, HOSTILE } from '../report/hostile.ts'
import {
  checksOf,
  document,
  failing,
  KEY,
  manifestPlace,
  metrics,
  question,
  registry,
  skipped,
  sound,
  weighing,
} from './weighings.ts'

const named = (checks: ReturnType<typeof checksOf>, name: string) => {
  const check = checks.find((one) => one.name === name)
  if (check === undefined) throw new Error(`no check ${name} among ${checks.map((one) => one.name).join(', ')}`)
  return check
}
const rollUp = (checks: ReturnType<typeof checksOf>) => named(checks, 'weighbridge')

test('the roll-up holds the decision, a report stands for each that was judged, and none for what was not', () => {
  const checks = checksOf(failing)
  expect(checks.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['weighbridge', 'failure'],
    ['weighbridge / metrics', 'failure'],
  ])
  expect(rollUp(checks).summary.split('\n')[0]).toBe('**✗ Held.** metrics: roc_auc is under the floor.')
  expect(named(checks, 'weighbridge / metrics').text).toContain('| roc_auc |')
  expect(rollUp(checks).text).not.toContain('| roc_auc |')
})

test('every gate has its own check where the configuration asks for it, a skipped one with the word in its title (S29)', () => {
  const checks = checksOf(sound, { mode: 'every-gate' })
  expect(checks.map(({ name, conclusion, title }) => [name, conclusion, title])).toEqual([
    ['weighbridge', 'success', 'churn 1.3.0 -> 1.4.0 in production: passed'],
    ['weighbridge / drift', 'success', 'drift: skipped, nothing to judge'],
    ['weighbridge / metrics', 'success', 'metrics: passed'],
    ['weighbridge / registry', 'success', 'registry: passed'],
  ])
})

const CONCLUDES: readonly (readonly [Status, string])[] = [
  ['passed', 'success'],
  ['failed', 'failure'],
  ['inconclusive', 'action_required'],
]
for (const [status, conclusion] of CONCLUDES) {
  test(`what is ${status} concludes ${conclusion} (S29)`, () => {
    expect(rollUp(checksOf(document(status, [registry, metrics(status)]))).conclusion).toBe(conclusion)
  })
}

test('a gate that crashed is a failure, not something that a person could decide (S30)', () => {
  const crash = crashed('metrics', new Error('out of memory'))
  const checks = checksOf(document('inconclusive', [registry, crash]))
  expect(rollUp(checks).conclusion).toBe('failure')
  expect(named(checks, 'weighbridge / metrics')).toMatchObject({ conclusion: 'failure', title: 'metrics: crashed' })
  const advised = checksOf(document('passed', [registry, { ...crash, advisory: true }]))
  expect(rollUp(advised).conclusion).toBe('success')
})

test('advice is never red', () => {
  const advice = gate('drift', 'failed', [], { advisory: true })
  const check = named(checksOf(document('passed', [registry, advice])), 'weighbridge / drift')
  expect(check).toMatchObject({ conclusion: 'success', title: 'drift: failed, advisory' })
})

test('a fork that changes anything of ours asks a maintainer to take it over, and says how', () => {
  const checks = checksOf(sound, { isFork: true })
  expect(checks.every(({ conclusion }) => conclusion === 'action_required')).toBe(true)
  expect(rollUp(checks).summary).toContain('gh pr checkout 7')
  expect(rollUp(checksOf(failing, { isFork: true })).conclusion).toBe('failure')
  const nothing = { ...document('passed', []), changes: [] }
  expect(checksOf(nothing, { isFork: true })).toMatchObject([
    { conclusion: 'success', title: 'nothing of ours changed' },
  ])
})

test('the first line says when nothing requires the check, and until when the verdict holds', () => {
  const until = { ...sound, verdict: { ...sound.verdict, validUntil: '2026-11-20T15:58:00.000Z' } }
  const first = (more: Parameters<typeof checksOf>[1]) => rollUp(checksOf(until, more)).summary.split('\n')[0]
  expect(first({ isRequired: false })).toBe(
    'Not required here: nothing holds. **✓ Passed.** 3 gates passed. It holds until 2026-11-20T15:58:00.000Z.',
  )
  expect(first({ isRequired: null })).toMatch(/^\*\*✓ Passed/)
})

test('the last line of every text is the evidence key, also where the text had to be cut', () => {
  const rules = Array.from({ length: 3000 }, (_, index) => aucRule('failed', index / 3000, { title: `rule ${index}` }))
  const huge = checksOf(document('failed', [registry, gate('metrics', 'failed', rules)]), { mode: 'every-gate' })
  for (const { text, summary } of huge) {
    expect(text?.split('\n').at(-1)).toBe(`Evidence key: \`${KEY}\``)
    expect(evidenceKeyIn(text)).toBe(KEY)
    expect(text?.length).toBeLessThanOrEqual(65_535)
    expect(summary.length).toBeLessThanOrEqual(65_535)
  }
})

test('a key that somebody else wrote into a text is not the one that is read', () => {
  const forged = `Evidence key: \`${'d'.repeat(64)}\``
  const model = gate('metrics', 'failed', [aucRule('failed', 0.8, { title: forged, because: `x\n\n${forged}` })])
  const { text } = named(checksOf(document('failed', [model])), 'weighbridge / metrics')
  expect(evidenceKeyIn(text)).toBe(KEY)
  expect(evidenceKeyIn(`${forged}\nmore`)).toBe(null)
  expect(evidenceKeyIn(null)).toBe(null)
})

test('the external id names engine, base, pull requests and what was published, and time is no part of it', () => {
  const id = rollUp(checksOf(sound)).externalId
  expect(id).toMatch(/^weighbridge 0\.1\.0:main:7:[0-9a-f]{64}$/)
  const later = JSON.parse(JSON.stringify(sound).replaceAll(sound.now, '2026-11-18T11:11:11.000Z'))
  expect(rollUp(checksOf(later)).externalId).toBe(id)
  expect(rollUp(checksOf(failing)).externalId).not.toBe(id)
  expect(parseExternalId(id)).toMatchObject({ pulls: [7] })
  expect(parseExternalId('weighbridge')).toBe(null)
})

const ruleAt = (place: NonNullable<Finding['place']>, status: Finding['status'] = 'failed', name = 'data-quality') =>
  gate(name, status, [finding(name, 'rows', status, 'too few rows', { place })])

test('annotations sit on lines of head that the diff shows, the promotion’s own among them', () => {
  const held = document('failed', [registry, ruleAt({ ...manifestPlace, line: 6 })])
  expect(rollUp(checksOf(held)).annotations).toMatchObject([
    {
      path: manifestPlace.path,
      startLine: 7,
      level: 'failure',
      title: 'promotion: churn 1.3.0 -> 1.4.0 in production: failed',
    },
    { path: manifestPlace.path, startLine: 6, level: 'failure', message: 'too few rows' },
  ])
  const outside = document('failed', [ruleAt({ path: 'models/churn/model.yml', line: 3, column: 1 })])
  expect(rollUp(checksOf(outside)).annotations).toHaveLength(1)
  const beyond = document('failed', [ruleAt({ ...manifestPlace, line: 50 })])
  expect(rollUp(checksOf(beyond)).annotations).toHaveLength(1)
  expect(rollUp(checksOf(sound)).annotations).toEqual([])
})

test('a rule of the governed branch is a link to the very commit, also when the diff edits that file', () => {
  const policy = { path: 'policies/production.yml', line: 6, column: 5 }
  const headPaths = new Map([[policy.path, [{ start: 1, end: 99 }]]])
  const check = rollUp(checksOf(document('failed', [ruleAt(policy)]), { headPaths }))
  expect(check.annotations).toEqual([])
  expect(check.text).toContain(
    `[\`policies/production.yml:6\`](https://github.com/acme/models/blob/${'a'.repeat(40)}/policies/production.yml#L6)`,
  )
  const own = rollUp(checksOf(document('failed', [ruleAt(policy, 'failed', 'registry')]), { headPaths }))
  expect(own.annotations).toMatchObject([{ path: policy.path }])
})

test('at most fifty annotations, worst first', () => {
  const place = (index: number) => ({ ...manifestPlace, line: 5 + (index % 5) })
  const many = Array.from({ length: 80 }, (_, index) =>
    finding('custom', `rule ${index}`, index < 40 ? 'inconclusive' : 'failed', `${index}`, { place: place(index) }),
  )
  const { annotations } = rollUp(checksOf(document('failed', [gate('custom', 'failed', many)])))
  expect(annotations).toHaveLength(50)
  expect(annotations.slice(0, 41).every(({ level }) => level === 'failure')).toBe(true)
})

test('several promotions are a section each', () => {
  const node = (model: string, status: Finding['status']) =>
    finding('promotion', `${model} 1 -> 2 in production: ${status}`, status, 'x', {
      children: [registry, metrics(status)],
    })
  const two = document('failed', [node('churn', 'failed'), node('fraud', 'passed')])
  const text = named(checksOf(two), 'weighbridge / metrics').text ?? ''
  expect(text.indexOf('## churn 1 -')).toBeGreaterThan(-1)
  expect(text.indexOf('## fraud 1 -')).toBeGreaterThan(text.indexOf('## churn 1 -'))
  expect(named(checksOf(two), 'weighbridge / metrics').conclusion).toBe('failure')
})

const twin = weighing(failing, { pull: 9, baseRef: 'release', evidenceKey: 'd'.repeat(64) })

test('pull requests that share a head share its verdict: all must pass, whoever writes it (S54)', () => {
  const own = weighing(sound)
  const both = desiredChecks(question([own, twin]))
  expect(desiredChecks(question([twin, own]))).toEqual(both)
  expect(rollUp(both)).toMatchObject({ conclusion: 'failure', title: '2 pull requests of this commit' })
  expect(rollUp(both).externalId).toContain(':main+release:7+9:')
  expect(rollUp(both).summary).toContain('into release: Held.')
  const key = evidenceKeyIn(rollUp(both).text)
  expect([KEY, 'd'.repeat(64)]).not.toContain(key)
  expect(key).toBe(jointKey(['d'.repeat(64), KEY]))
  expect(jointKey([KEY, KEY])).toBe(KEY)
})

test('all-of, for every three statuses: failed, else not decided, else passed', () => {
  const statuses = ['passed', 'failed', 'inconclusive'] as const
  for (const a of statuses)
    for (const b of statuses)
      for (const c of statuses) {
        const weighings = [a, b, c].map((status, index) =>
          weighing(document(status, [registry, metrics(status)]), { pull: index + 1 }),
        )
        const expected = allOf([a, b, c].map((status) => root(status, '')))
        const conclusion = { passed: 'success', failed: 'failure', inconclusive: 'action_required', skipped: '' }[
          expected
        ]
        expect(rollUp(desiredChecks(question(weighings))).conclusion).toBe(conclusion)
        expect(named(desiredChecks(question(weighings)), 'weighbridge / metrics').conclusion).toBe(conclusion)
      }
})

/** Markdown without what GitHub leaves alone, and without our own links to lines of the governed branch. */
function prose(markdown: string): string {
  return markdown
    .replace(/\]\(https:\/\/github\.com\/acme\/models\/blob\/a{40}\/[A-Za-z0-9%._~/-]*#L\d+\)/g, ']')
    .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
    .replace(/<summary>.*<\/summary>/g, '')
}

test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))(
  '%j as a name becomes no link, mention, HTML or marker in any part of a check (S43)',
  (_, text) => {
    const about = checkAbout(text)
    const changes = [promotion({ model: text, place: manifestPlace })]
    const of = { ...about, changes, verdict: { ...about.verdict, title: `${text} 1 -> 2` } }
    const weighings = [weighing(of), weighing(of, { pull: 9, baseRef: text })]
    for (const check of [...checksOf(of, { mode: 'every-gate' }), ...desiredChecks(question(weighings))]) {
      const shown = prose(`${check.summary}\n${check.text}`)
      expect(shown).not.toMatch(/@[a-z0-9]|#\d|\bGH-\d|:\/\/|www\.|:[a-z+][a-z0-9_+-]*:|\$/i)
      expect(shown).not.toMatch(/(?<!\\)\]\(|(?<!\\)<(?!details>|\/details>)[a-z!/?]/i)
      expect(`${check.summary}${check.text}${check.title}`).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u)
      expect(check.title.length).toBeLessThanOrEqual(255)
      expect(check.summary.length).toBeLessThanOrEqual(65_535)
      expect(evidenceKeyIn(check.text)).toBe(KEY)
    }
  },
)

test('a title never exceeds GitHub’s limit, nor is a letter cut in half', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const title = titleText(text)
      expect(title.length).toBeLessThanOrEqual(255)
      expect(title.isWellFormed()).toBe(text.isWellFormed())
    }),
    { numRuns: 200 },
  )
})

test('buttons fit GitHub’s limits', () => {
  for (const { label, description, identifier } of rollUp(checksOf(sound)).buttons) {
    expect(label.length).toBeLessThanOrEqual(20)
    expect(description.length).toBeLessThanOrEqual(40)
    expect(identifier.length).toBeLessThanOrEqual(20)
  }
  expect(skipped.status).toBe('skipped')
})
