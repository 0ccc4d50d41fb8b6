import type { Subject, UnitsFacts, UnitsRequest } from '../gates/evidence.ts'
import { measureUnitRules, type UnitTable } from '../measuring/units.ts'
import { Unavailable } from '../ports.ts'
import { columnTexts } from './column-texts.ts'
import type { Job } from './job.ts'

/** Units are tables that somebody else computed: claimed until a named workflow attests them. */
export async function gatherUnits(request: UnitsRequest, job: Job): Promise<UnitsFacts> {
  const [candidate, incumbent] = await Promise.all([
    unitTable(request.candidate, request, job),
    request.incumbent?.units === undefined ? null : unitTable(request.incumbent, request, job),
  ])
  return { provenance: 'claimed', measured: measureUnitRules(candidate, incumbent, request.measures) }
}

async function unitTable(subject: Subject, request: UnitsRequest, { tables, files }: Job): Promise<UnitTable> {
  const { units } = subject
  if (units === undefined)
    throw new Unavailable(
      'missing',
      `${subject.model} ${subject.version} names no units table`,
      'Add evaluation.units to its record.',
    )
  const source = await files.table(units)
  const shape = await tables.describe(source)
  const isNumeric = (type: string) => type === 'number' || type === 'boolean'
  const numeric = new Set(shape.columns.filter(({ type }) => isNumeric(type)).map(({ name }) => name))
  const wanted = [...new Set(request.measures.map((measure) => measure.unit))].filter((name) => numeric.has(name))
  const table = await tables.read(source, { columns: [...new Set([units.id, ...wanted])], asCategory: [units.id] })
  return {
    ids: columnTexts(table.columns.get(units.id)),
    columns: new Map(
      wanted.flatMap((name) => {
        const column = table.columns.get(name)
        return column !== undefined && 'nulls' in column ? [[name, column.values] as const] : []
      }),
    ),
  }
}
