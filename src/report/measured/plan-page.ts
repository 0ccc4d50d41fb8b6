import { countText, exactText, roundedDown, roundedUp } from '../../gates/number-text.ts'
import type { PlannedRule } from '../../gates/plan-rules.ts'
import type { PlannedLimit } from '../../gates/planned-limit.ts'
import type { EnvironmentPlan, PlanDocument } from '../../policy/plan-document.ts'
import type { Cell, Page, PagePart, Tone } from '../page/page.ts'

/** Under this an equally good model fails too often for the rule to be of use. */
const TOO_SELDOM = 0.5
const OFTEN = 0.8

/** The page of `plan`: each environment's rules, with what would make an equally good model pass 4 times of 5. */
export function planPage(document: PlanDocument): Page {
  return {
    title: `Plan of ${document.model}`,
    lead: leadOf(document),
    facts: [
      { name: 'model', value: `${document.model} (${document.task})` },
      ...document.environments.flatMap(environmentFacts),
      { name: 'engine', value: document.engine },
    ],
    parts: document.environments.flatMap(environmentParts),
    warnings: document.warnings,
  }
}

function leadOf({ environments }: PlanDocument): string {
  const rules = environments.flatMap((plan) => plan.rules.filter(({ advisory }) => !advisory))
  const seldom = rules.filter(({ chance }) => chance !== null && chance < TOO_SELDOM)
  const open = rules.filter(({ chance }) => chance === null)
  const first =
    seldom.length === 0
      ? 'An equally good model passes every planned rule more often than not.'
      : `${countText(seldom.length, 'rules')} would hold an equally good model more often than not.`
  return open.length === 0 ? first : `${first} ${countText(open.length, 'rules')} cannot be planned.`
}

function environmentFacts(plan: EnvironmentPlan): Page['facts'] {
  const { environment, version, compared, rows, exam } = plan
  const against = compared === null ? 'alone' : `its distance to ${compared} is the measure of chance`
  return [
    { name: environment, value: `as good as ${version}; ${against}` },
    ...(rows === null || exam === null ? [] : [{ name: 'exam', value: `${countText(rows, 'rows')} of ${exam.uri}` }]),
    { name: 'policy', value: plan.policy.join(', ') },
  ]
}

function environmentParts(plan: EnvironmentPlan): PagePart[] {
  const planned = plan.rules.filter(({ chance }) => chance !== null)
  const open = plan.rules.filter(({ chance }) => chance === null)
  return [
    {
      kind: 'table',
      title: `${plan.environment}: how often an equally good model passes`,
      ...(plan.all === null ? {} : { about: `All of them together: at least ${times(plan.all)} times in 100.` }),
      columns: [
        { name: 'rule' },
        { name: 'limit', align: 'right' },
        { name: 'times in 100', align: 'right' },
        { name: 'limit that would do', align: 'right' },
        { name: 'rows that would do', align: 'right' },
      ],
      rows: planned.flatMap(ruleRows),
    },
    ...(planned.length === 0
      ? []
      : [
          {
            kind: 'plot' as const,
            title: `${plan.environment}: times in 100`,
            about: 'The line stands at 80.',
            plot: {
              type: 'bars' as const,
              limit: 80,
              bars: planned.map((rule) => ({
                label: rule.name,
                value: Math.round(1000 * (rule.chance ?? 0)) / 10,
                tone: toneOf(rule.chance ?? 0),
              })),
            },
          },
        ]),
    ...(open.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            title: `${plan.environment}: rules that cannot be planned`,
            columns: [{ name: 'rule' }, { name: 'why' }],
            rows: open.map(({ gate, name, because }) => [name === gate ? gate : `${gate}: ${name}`, because ?? '']),
          },
        ]),
  ]
}

function ruleRows(rule: PlannedRule): (readonly Cell[])[] {
  return rule.limits.map((limit) => [
    `${rule.name}${rule.advisory ? ' (advisory)' : ''}`,
    `${limit.key} ${exactText(limit.limit)}`,
    { text: times(limit.chance), tone: toneOf(limit.chance) },
    limit.chance >= OFTEN ? 'as it is' : `${limit.key} ${exactText(passableText(limit))}`,
    limit.chance >= OFTEN ? 'as they are' : enoughText(limit),
  ])
}

/** Rounded to the side on which it still holds. */
function passableText({ key, passable }: PlannedLimit): number {
  return key === 'min' ? roundedDown(passable, 2) : roundedUp(passable, 2)
}

function enoughText({ enough, n, of }: PlannedLimit): string {
  if (enough === null || n === null) return 'no number'
  if (enough > 1000 * n) return 'more than a thousand times as many'
  return countText(roundedUp(enough, 2), of)
}

function times(chance: number): string {
  return exactText(Math.floor(100 * chance))
}

function toneOf(chance: number): Tone {
  return chance >= OFTEN ? 'good' : chance < TOO_SELDOM ? 'bad' : 'doubt'
}
