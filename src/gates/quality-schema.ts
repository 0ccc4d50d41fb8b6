import type { DataQualityRule } from './data-quality-rule.ts'
import type { QualityFacts } from './evidence.ts'
import { type Finding, finding, type Status } from './finding.ts'
import { countText, listText } from './number-text.ts'

const NAME = 'data-quality'

interface Breach {
  readonly code: string
  readonly title: string
  readonly columns: readonly string[]
  readonly mend: string
  /** strict: fails under schema: strict only; advisory: never holds. */
  readonly weight: 'always' | 'strict' | 'advisory'
}

/**
 * How the exam's columns keep what model.yml declares of them. Names and counts only.
 * Two columns whose names look alike fail whatever the schema says: one of them is not what people read.
 */
export function schemaFindings({ schema }: DataQualityRule, facts: QualityFacts): readonly Finding[] {
  const found = breaches(facts).filter(({ columns }) => columns.length > 0)
  const alike = lookAlikes(facts)
  if (schema === undefined) return alike
  const children = found.map((breach) => breachFinding(breach, schema))
  const holds = [...children, ...alike].some((child) => child.advisory !== true)
  return holds ? [...children, ...alike] : [kept(facts), ...children]
}

function kept({ columns }: QualityFacts): Finding {
  return finding(NAME, 'the columns are as declared', 'passed', `${countText(columns.length, 'columns')} looked at.`)
}

function breachFinding({ code, title, columns, mend, weight }: Breach, schema: 'strict' | 'lenient'): Finding {
  const advisory = weight === 'advisory' || (weight === 'strict' && schema === 'lenient')
  const status: Status = 'failed'
  return finding(NAME, title, status, `${listText(columns)}. ${mend}`, {
    reason: `quality:${code}`,
    flips: mend,
    ...(advisory && { advisory: true as const }),
  })
}

function breaches(facts: QualityFacts): readonly Breach[] {
  const counted = (of: 'unseen' | 'below_min' | 'above_max') =>
    facts.columns.flatMap((column) => (column[of] > 0 ? [`${column.column} (${countText(column[of], 'rows')})`] : []))
  const types = facts.wrong_types.map(({ column, expected, found }) => `${column} (${found} instead of ${expected})`)
  return [
    {
      code: 'missing-columns',
      title: 'missing columns',
      columns: facts.missing_columns,
      mend: 'Add them to the exam, or take them out of model.yml.',
      weight: 'always',
    },
    {
      code: 'wrong-types',
      title: 'columns of another type',
      columns: types,
      mend: 'Write them as model.yml declares them.',
      weight: 'always',
    },
    {
      code: 'unseen',
      title: 'categories that model.yml does not list',
      columns: counted('unseen'),
      mend: 'Add them to values in model.yml, or mend the rows.',
      weight: 'strict',
    },
    {
      code: 'below-min',
      title: 'values under the declared min',
      columns: counted('below_min'),
      mend: 'Mend the rows, or min in model.yml.',
      weight: 'strict',
    },
    {
      code: 'above-max',
      title: 'values over the declared max',
      columns: counted('above_max'),
      mend: 'Mend the rows, or max in model.yml.',
      weight: 'strict',
    },
    {
      code: 'unexpected-columns',
      title: 'columns that model.yml does not name',
      columns: facts.unexpected_columns,
      mend: 'Name them in model.yml, or leave them out.',
      weight: 'advisory',
    },
  ]
}

function lookAlikes({ look_alikes }: QualityFacts): readonly Finding[] {
  return look_alikes.map(([one, other]) =>
    finding(
      NAME,
      `${spelled(one)} and ${spelled(other)} look alike`,
      'failed',
      'Two columns that people cannot tell apart; rename one.',
      {
        reason: 'quality:look-alikes',
        flips: 'one of them renamed',
      },
    ),
  )
}

/** A name with every letter that is not ASCII spelled out, as U+0435. */
function spelled(name: string): string {
  return Array.from(name, (letter) => {
    const code = letter.codePointAt(0) ?? 0
    return code < 128 ? letter : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
  }).join('')
}
