/** GitHub keeps 1 MiB of a step's summary, and nothing at all of a longer one; some room stays. */
export const LONGEST_SUMMARY = 1024 * 1024 - 4096
