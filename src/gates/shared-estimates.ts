import type { Estimate, Support } from '../statistics/estimate.ts'
import { FEW_ROWS } from '../statistics/few-rows.ts'
import type { OutputFacts } from './evidence.ts'
import { told, toldCode, UNTOLD_MEND } from './shared-texts.ts'

/** What every redaction needs to know: which names may be told, and how small a group must not be. */
export interface SharedTerms {
  readonly names: ReadonlySet<string>
  readonly floor: number
}

/** Whether a count is that of a few rows, and so their secret; nobody is nobody's secret. */
export function isFew(count: number | undefined, floor: number): boolean {
  return count !== undefined && count > 0 && count < floor
}

/** The warning of few rows, which counts them, as it may be told. */
const UNCOUNTED = 'Rows are so few, or so skewed, that such intervals are known not to hold their level'

/** An estimate that is shown: its texts only where they are ours, its counts only where they are many. */
export function sharedEstimate(estimate: Estimate, { names, floor }: SharedTerms): Estimate {
  const { warnings = [], because, ...rest } = estimate
  const isFewRows = warnings.some(({ code }) => code === FEW_ROWS)
  return {
    ...rest,
    support: sharedSupport(estimate.support, floor),
    ...(isFewRows && { warnings: [{ code: FEW_ROWS, message: UNCOUNTED }] }),
    ...(because !== undefined && { because: told(because, names) }),
  }
}

/** An estimate that rests on too few rows to be shown: nothing of it is left but why. */
export function withheld(estimate: Estimate, because: string): Estimate {
  return {
    value: null,
    interval: null,
    confidence: estimate.confidence,
    method: null,
    support: { rows: 0 },
    because,
  }
}

/** One small count can be had by subtracting the others, so all of them go with it. */
function sharedSupport(support: Support, floor: number): Support {
  const { rows, ...parts } = support
  return Object.values(parts).some((count) => isFew(count, floor)) ? { rows } : support
}

/** What was wrong with a version's answers, in our words alone. */
export function sharedOutputs(outputs: OutputFacts, { names }: SharedTerms): OutputFacts {
  return {
    ...outputs,
    problems: outputs.problems.map(({ code, what, mend, ...rest }) => ({
      ...rest,
      code: toldCode(code),
      what: told(what, names, `its answers have a problem (${toldCode(code)})`),
      mend: told(mend, names, UNTOLD_MEND),
    })),
  }
}
