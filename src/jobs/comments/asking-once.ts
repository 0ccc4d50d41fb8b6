import type { RoleAnswer } from '../../ports/git-host.ts'
import type { CommentJob } from './comment-job.ts'

/**
 * Looks people up once for all commands of a comment: the first question asks for every team that any of them may need.
 * Looked up now, for this comment, and never kept for another.
 *
 * @param expected  team slugs; a question about others costs another call
 */
export function askingOnce(ask: CommentJob['people'], expected: readonly string[]): CommentJob['people'] {
  let known: Promise<RoleAnswer> | null = null
  return async (question) => {
    known ??= ask({ ...question, teams: unique([...expected, ...question.teams]), permissions: true })
    const answer = await known
    const missing = question.teams.filter((team) => !answer.teams.has(team))
    if (missing.length === 0) return answer
    const before = answer
    known = ask({ ...question, teams: missing, permissions: false }).then(({ teams }) => ({
      permissions: before.permissions,
      teams: new Map([...before.teams, ...teams]),
    }))
    return known
  }
}

const unique = (names: readonly string[]) => [...new Set(names)].sort()
