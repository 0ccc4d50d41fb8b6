import type { Subject, UnitsFacts, UnitsRequest } from '../gates/evidence.ts'
import { measureUnitRules, type UnitTable } from '../measuring/units.ts'
import { Unavailable } from '../ports.ts'
import type { GatherPorts } from './evidence-ports.ts'
import type { JobFiles } from './table-files.ts'

/** Units are tables that somebody else computed: claimed until a named workflow attests them. */
export async function gatherUnits(request: UnitsRequest, ports: GatherPorts, files: JobFiles): Promise<UnitsFacts> {
  const [candidate, incumbent] = await Promise.all([
    unitTable(request.candidate, request, ports, files),
    request.incumbent?.units === undefined ? null : unitTable(request.incumbent, request, ports, files),
  ])
  return { provenance: 'claimed', measured: measureUnitRules(candidate, incumbent, request.measures) }
}

async function unitTable(
  subject: Subject,
  request: UnitsRequest,
  ports: GatherPorts,
  files: JobFiles,
): Promise<UnitTable> {
  const { units } = subject
  if (units === undefined)
    throw new Unavailable(
      'missing',
      `${subject.model} ${subject.version} names no units table`,
      'Add evaluation.units to its record.',
    )
  const source = await files.table(units)
  const shape = await ports.tables.describe(source)
  const numeric = new Set(
    shape.columns
      .filter((column) => column.type === 'number' || column.type === 'boolean')
      .map((column) => column.name),
  )
  const wanted = [...new Set(request.measures.map((measure) => measure.unit))].filter((name) => numeric.has(name))
  const table = await ports.tables.read(source, { columns: [units.id, ...wanted], asCategory: [units.id] })
  const ids = table.columns.get(units.id)
  if (ids === undefined || 'nulls' in ids)
    throw new Unavailable(
      'missing',
      `the units of ${subject.version} have no id column "${units.id}"`,
      'Name the id column in evaluation.units.',
    )
  return {
    ids: Array.from(ids.codes, (code) => ids.values[code] ?? ''),
    columns: new Map(
      wanted.flatMap((name) => {
        const column = table.columns.get(name)
        return column !== undefined && 'nulls' in column ? [[name, column.values] as const] : []
      }),
    ),
  }
}
