import type { GitHub } from './github-state.ts'
import { keyOf, repositoryOf, takeId } from './state/find.ts'
import type { WorldIssue } from './state/pulls.ts'

/** Adds an issue under the repository's next number; pull requests are issues too. */
export function addIssue(
  github: GitHub,
  input: Pick<WorldIssue, 'repository' | 'title' | 'body' | 'author' | 'isPull'> & Partial<WorldIssue>,
): WorldIssue {
  const { state } = github
  const repository = repositoryOf(state, input.repository)
  const now = github.clock.now()
  const issue: WorldIssue = {
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: [],
    isLocked: false,
    closedAt: null,
    closedBy: null,
    lastEditedAt: null,
    ...input,
    id: takeId(state),
    number: repository.nextNumber,
    createdAt: now,
    updatedAt: now,
  }
  state.repositories.set(repository.id, { ...repository, nextNumber: repository.nextNumber + 1 })
  state.issues.set(keyOf(repository.id, issue.number), issue)
  return issue
}
