import type { CommandSpec } from '../command.ts'
import { BENCH_COMMAND } from './bench-command.ts'
import { COMPARE_PREDICTIONS_COMMAND } from './compare-predictions-command.ts'
import { DRIFT_COMMAND } from './drift-command.ts'
import { EXPLAIN_COMMAND } from './explain-command.ts'
import { FAIRNESS_COMMAND } from './fairness-command.ts'
import { MERGE_PROFILES_COMMAND } from './merge-profiles-command.ts'
import { METRICS_COMMAND } from './metrics-command.ts'
import { PROFILE_COMMAND } from './profile-command.ts'
import { QUALITY_COMMAND } from './quality-command.ts'

/** Commands that measure and judge nothing, in the order of the help. */
export const MEASURING_COMMANDS: readonly CommandSpec[] = [
  METRICS_COMMAND,
  COMPARE_PREDICTIONS_COMMAND,
  FAIRNESS_COMMAND,
  DRIFT_COMMAND,
  QUALITY_COMMAND,
  PROFILE_COMMAND,
  MERGE_PROFILES_COMMAND,
  EXPLAIN_COMMAND,
  BENCH_COMMAND,
]
