/** Beside each checkpoint that was saved whole lies its digest under this ending. */
export const DIGEST_ENDING = '.sha256'

/**
 * The checkpoint that a training goes on from: the last by name of those that were saved whole.
 *
 * @param uris   everything below the folder of checkpoints, any order
 * @param trial  of a search: only names that begin `trial-<n>-`; null: any other name
 * @returns null when there is none
 * @example newestCheckpoint(['s3://b/wb-1/epoch-00005.pt', 's3://b/wb-1/epoch-00005.pt.sha256', 's3://b/wb-1/epoch-00010.pt'], null) // => 's3://b/wb-1/epoch-00005.pt'
 */
export function newestCheckpoint(uris: readonly string[], trial: number | null): string | null {
  const all = new Set(uris)
  const whole = uris.filter((uri) => all.has(uri + DIGEST_ENDING) && trialOf(uri) === trial)
  return whole.sort().at(-1) ?? null
}

function trialOf(uri: string): number | null {
  const found = /\/trial-(\d{1,4})-[^/]*$/.exec(uri)?.[1]
  return found === undefined ? null : Number(found)
}
