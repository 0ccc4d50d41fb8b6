import type { CheckDocument } from '../../report/check-document.ts'
import { holds, outlineOf } from '../../report/outline.ts'
import type { WeighedFacts } from '../weighed-facts.ts'

/** Gates that hold a pull request and that its policy lets somebody waive, by name. */
export function waivableNow(
  { promotions }: Pick<WeighedFacts, 'promotions'>,
  document: CheckDocument,
): readonly string[] {
  const allowed = new Set(promotions.flatMap(({ waivable }) => waivable.map(({ gate }) => gate)))
  const holding = outlineOf(document).flatMap(({ gates }) => gates.map(({ gate }) => gate).filter(holds))
  return [...new Set(holding.map(({ gate }) => gate))].filter((gate) => allowed.has(gate)).sort()
}
