import type { GroupKey } from '../../statistics/group-rows.ts'

/** `Female, White`, for a page that names the columns elsewhere; a missing value is said to be missing. */
export function groupLabel(group: GroupKey): string {
  return Object.values(group)
    .map((value) => (value === null ? '(missing)' : value === '' ? '(empty)' : String(value).slice(0, 60)))
    .join(', ')
}
