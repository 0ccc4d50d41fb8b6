import { ACTOR } from './account.ts'
import { LATEST_RUNS, ROLL_UP } from './found-check.ts'

/** What governs a repository, read along with whatever else is so now. */
export const GOVERNED = `
fragment Governed on Repository {
  defaultBranchRef { name target { oid } }
  configuration: object(expression: "HEAD:.github/weighbridge.yml") {
    __typename
    oid
    ... on Blob { isBinary isTruncated text }
  }
  ledger: ref(qualifiedName: "refs/heads/weighbridge/ledger") { target { oid } }
}`

/**
 * What is read of a pull request, in a document with `PULL_FRAGMENTS`.
 *
 * @param number  the variable that holds its number, `$number`; null: whether our roll-up is required is not asked
 * @param runs  whether our checks on its head are read too
 */
export function pullFields(number: string | null, runs: boolean): string {
  return `
      ...Pull
      tip: commits(last: 1) {
        nodes {
          commit {
            ${runs ? '...LatestRuns' : 'oid'}
            ...Twins
            rollUp: checkSuites(first: 10, filterBy: { appId: $app }) {
              pageInfo { hasNextPage }
              nodes {
                checkRuns(first: 10, filterBy: { appId: $app, checkName: "${ROLL_UP}", checkType: LATEST }) {
                  pageInfo { hasNextPage }
                  nodes { databaseId text ${number === null ? '' : `isRequired(pullRequestNumber: ${number})`} }
                }
              }
            }
          }
        }
      }`
}

/** What `pullFields` is made of, once a document. */
export const PULL_FRAGMENTS = `
fragment Pull on PullRequest {
  id number state isDraft title mergeable isInMergeQueue isCrossRepository
  author { ${ACTOR} }
  baseRefName baseRefOid baseRef { target { oid } }
  headRefName headRefOid headRepository { databaseId }
  mergeQueue { id }
  writers: latestOpinionatedReviews(first: 100, writersOnly: true) {
    pageInfo { hasNextPage }
    nodes { ...Opinion commit { oid ...RollUps } }
  }
  everyone: latestOpinionatedReviews(first: 100) { nodes { ...Opinion } }
  commits(first: 100) { pageInfo { hasNextPage endCursor } nodes { commit { ...People } } }
}
fragment Opinion on PullRequestReview { fullDatabaseId state submittedAt author { ${ACTOR} } }
fragment RollUps on Commit {
  checkSuites(first: 10, filterBy: { appId: $app }) {
    pageInfo { hasNextPage }
    nodes {
      checkRuns(first: 50, filterBy: { appId: $app, checkName: "${ROLL_UP}", checkType: ALL }) {
        pageInfo { hasNextPage }
        nodes { completedAt text }
      }
    }
  }
}
fragment People on Commit {
  authors(first: 50) { pageInfo { hasNextPage } nodes { user { __typename databaseId login } } }
  committer { user { __typename databaseId login } }
}
fragment Twins on Commit {
  associatedPullRequests(first: 100) {
    pageInfo { hasNextPage }
    nodes { number state baseRefName headRefOid }
  }
}
${GOVERNED}`

/**
 * Read 1 of a weighing: everything about a pull request that is so now, in one query.
 *
 * Reviews bring the roll-ups of their commits, all of them and not only the latest: an approval counts by the evidence
 * that stood there when it was given.
 */
export const PULL_QUERY = `
query PullNow($owner: String!, $name: String!, $number: Int!, $app: Int!) {
  repository(owner: $owner, name: $name) {
    ...Governed
    pullRequest(number: $number) {${pullFields('$number', true)}
    }
  }
}
${PULL_FRAGMENTS}
${LATEST_RUNS}`

/** What governs a repository, apart from any pull request. */
export const NOW_QUERY = `
query RepositoryNow($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { ...Governed }
}
${GOVERNED}`

/** Commits beyond the first hundred, for the people behind them. */
export const PULL_COMMITS_QUERY = `
query PullCommits($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      commits(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { commit { ...People } } }
    }
  }
}
fragment People on Commit {
  authors(first: 50) { pageInfo { hasNextPage } nodes { user { __typename databaseId login } } }
  committer { user { __typename databaseId login } }
}`
