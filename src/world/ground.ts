import { openJobFolder } from '../adapters/job-folder.ts'

/** A folder that others may stand on: it goes when the last of them has left. */
export interface Ground {
  readonly path: string
  /** Another folder whose owner reads from this one. */
  above(): Ground
  leave(): void
}

export function openGround(below?: { readonly leave: () => void }): Ground {
  const folder = openJobFolder()
  let users = 1
  const leave = () => {
    users--
    if (users > 0) return
    folder.close()
    below?.leave()
  }
  return {
    path: folder.path,
    above: () => {
      users++
      return openGround({ leave })
    },
    leave,
  }
}
