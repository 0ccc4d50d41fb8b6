/** A command that this version does not have yet, and what does the same by hand. */
export interface LaterCommand {
  readonly name: string
  readonly instead: string
}

/** Known by name, so that whoever needs one at night learns what to do. */
export const LATER: readonly LaterCommand[] = [
  {
    name: 'rollback',
    instead:
      'Until then: revert the merge of the promotion (the button “Revert” of its pull request), or open a pull request that names the last verified version in the manifest.',
  },
  {
    name: 'rollout',
    instead: 'Until then: change the traffic in the manifest by a pull request, or with the tool that walks it.',
  },
  {
    name: 'experiment',
    instead: 'Until then: split the traffic in the manifest by a pull request, and /compare the two versions.',
  },
]
