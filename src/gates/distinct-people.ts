import type { Count } from './counted-approvals.ts'

/** One place to be filled by one person of a role. */
interface Seat {
  readonly role: string
  readonly candidates: readonly number[]
}

/** The seats of a role: as many as it needs at most, for people who count wherever the role is asked. */
function seatsOf(role: string, counts: readonly Count[]): readonly Seat[] {
  const own = counts.filter(({ need }) => need.role === role)
  const [first, ...rest] = own.map(({ counted }) => counted.map(({ id }) => id))
  const candidates = (first ?? []).filter((id) => rest.every((ids) => ids.includes(id)))
  return Array.from({ length: Math.max(0, ...own.map(({ need }) => need.count)) }, () => ({ role, candidates }))
}

/** Seats another person, moving those who sit already: an augmenting path of a bipartite matching. */
function seat(at: number, seats: readonly Seat[], taken: Map<number, number>, tried: Set<number>): boolean {
  for (const person of seats[at]?.candidates ?? []) {
    if (tried.has(person)) continue
    tried.add(person)
    const other = taken.get(person)
    if (other === undefined || seat(other, seats, taken, tried)) {
      taken.set(person, at)
      return true
    }
  }
  return false
}

/**
 * Whether different people can fill the roles that one person may not fill twice on one promotion.
 *
 * @param distinct  roles that the configuration lists; those that nobody needs here do not count
 * @param trainers  account ids of who trained the candidate; they fill `trainer` and nothing else
 * @returns the role for which nobody is left, null when all are filled
 */
export function unfilledRole(
  distinct: readonly string[],
  counts: readonly Count[],
  trainers: readonly number[] = [],
): string | null {
  const barred = distinct.includes('trainer') ? trainers : []
  const seats = distinct
    .filter((role) => counts.some(({ need }) => need.role === role))
    .flatMap((role) => seatsOf(role, counts))
    .map((one) => ({
      ...one,
      candidates: one.candidates.filter((id) => one.role === 'trainer' || !barred.includes(id)),
    }))
  const taken = new Map<number, number>()
  const open = seats.find((_, at) => !seat(at, seats, taken, new Set()))
  return open?.role ?? null
}
