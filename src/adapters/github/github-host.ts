import type { GitHost } from '../../ports/git-host.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import type { BoundedMemory } from './bounded-memory.ts'
import { landed, mayBypass, tip } from './branches.ts'
import { checksOn, publish, rollUpsOn } from './checks.ts'
import { comment } from './comments.ts'
import { commit } from './commits.ts'
import { seedsOf } from './content-memory.ts'
import { openConversation } from './conversation.ts'
import { defaultTip } from './default-tip.ts'
import { deployment } from './deployments.ts'
import { groupNow } from './group-now.ts'
import { issue } from './issues.ts'
import { createLock, replaceLock } from './locks.ts'
import { enqueue, merge, queue } from './merging.ts'
import { openPulls, pullsWithHead } from './open-pulls.ts'
import { propose } from './propose.ts'
import { pullNow, repositoryNow } from './pull-now.ts'
import { pullsNow } from './pulls-now.ts'
import { pushers } from './pushers.ts'
import { openRemoteRepository } from './remote-repository.ts'
import { requiresCheck } from './required-check.ts'
import { roles } from './roles.ts'
import type { Side } from './side.ts'
import { openWorkflows } from './workflows.ts'

export interface GitHostPorts {
  /** The identity, in the installation that reaches a repository. */
  readonly side: (repository: HostedRepository) => Side
  /** What the process remembers of commits. */
  readonly shared: BoundedMemory<unknown>
  readonly repositories: GitHost['repositories']
}

/** GitHub behind the port, for one identity in one installation. */
export function openGitHost({ side, shared, repositories }: GitHostPorts): GitHost {
  const seeds = seedsOf(shared)
  return {
    pull: (repository, number) => pullNow(side(repository), repository, number, seeds),
    pulls: (repository, numbers) => pullsNow(side(repository), repository, numbers, seeds),
    group: (repository, ask) => groupNow(side(repository), repository, ask, seeds),
    now: (repository) => repositoryNow(side(repository), repository, seeds),
    open: (repository) => openRemoteRepository(side(repository), repository, shared),
    roles: (repository, question) => roles(side(repository), repository, question),
    pushers: (repository, ref) => pushers(side(repository), repository, ref),
    publish: (check, repository) => publish(side(repository), repository, check),
    checksOn: (repository, sha) => checksOn(side(repository), repository, sha),
    rollUpsOn: (repository, sha) => rollUpsOn(side(repository), repository, sha),
    merge: (repository, number, how) => merge(side(repository), repository, number, how),
    enqueue: (repository, pull) => enqueue(side(repository), pull),
    queue: (repository, ref) => queue(side(repository), repository, ref),
    openPulls: (repository, base) => openPulls(side(repository), repository, base),
    pullsWithHead: (repository, sha) => pullsWithHead(side(repository), repository, sha),
    tip: (repository, ref) => tip(side(repository), repository, ref),
    defaultTip: (repository, folder) => defaultTip(side(repository), repository, folder, shared),
    landed: (repository, before, after) => landed(side(repository), repository, before, after),
    requiresCheck: (repository, ref, check) => requiresCheck(side(repository), repository, { ref, check }),
    mayBypass: (repository, ref) => mayBypass(side(repository), repository, ref),
    comment: (repository, number, marker, body) => comment(side(repository), repository, number, { marker, body }),
    issue: (repository, marker, of) => issue(side(repository), repository, { marker, ...of }),
    deployment: (repository, of) => deployment(side(repository), repository, of),
    commit: (repository, on) => commit(side(repository), repository, on),
    createLock: (repository, ref, content) => createLock(side(repository), repository, ref, content),
    replaceLock: (repository, ref, seen, content) => replaceLock(side(repository), repository, ref, { seen, content }),
    conversation: (repository) => openConversation(side(repository), repository, seeds),
    workflows: (repository) => openWorkflows(side(repository), repository),
    propose: (repository, pull) => propose(side(repository), repository, pull),
    repositories,
  }
}
