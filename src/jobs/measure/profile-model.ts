import type { ColumnInfo, ProfileAsk } from '../../ports.ts'
import type { DescribedColumns } from '../../registry/model.ts'

type Withheld = ProfileAsk['withheld'][number]

/**
 * Columns whose values may not be written, by what model.yml says: the personal ones, categories without `values`, and
 * what it does not name at all. Numbers and times that it names are described, unless they are personal.
 */
export function withheldColumns(model: DescribedColumns, columns: readonly ColumnInfo[]): readonly Withheld[] {
  return columns.flatMap(({ name, type }): readonly Withheld[] => {
    if (type === 'nested') return []
    if (isPersonal(model, name)) return [{ column: name, because: 'personal' }]
    return isDeclared(model, name, type) ? [] : [{ column: name, because: 'undeclared' }]
  })
}

/** What model.yml says of a column, as a feature and as a sensitive one. */
function saidOf(model: DescribedColumns, name: string) {
  const sensitive = (model.sensitive ?? []).map((entry) => (typeof entry === 'string' ? { name: entry } : entry))
  return {
    feature: model.features?.find((one) => one.name === name),
    sensitive: sensitive.find((one) => one.name === name),
  }
}

function isPersonal(model: DescribedColumns, name: string): boolean {
  const { feature, sensitive } = saidOf(model, name)
  return feature?.personal === true || sensitive?.personal === true
}

function isDeclared(model: DescribedColumns, name: string, type: ColumnInfo['type']): boolean {
  if (model.label?.name === name || model.columns?.time === name) return true
  const { feature, sensitive } = saidOf(model, name)
  if (feature?.values !== undefined || sensitive?.values !== undefined) return true
  if (feature === undefined) return false
  if (type === 'boolean') return true
  return ['number', 'time'].includes(feature.type) && (type === 'number' || type === 'time')
}
