import { ACTION_FACTS } from './facts/action-facts.ts'
import { API_FACTS } from './facts/api-facts.ts'
import { CHECK_FACTS } from './facts/check-facts.ts'
import { CONVERSATION_FACTS } from './facts/conversation-facts.ts'
import type { Fact } from './facts/fact.ts'
import { GIT_FACTS } from './facts/git-facts.ts'
import { MANIFEST_FACTS } from './facts/manifest-facts.ts'
import { PULL_FACTS } from './facts/pull-facts.ts'

/**
 * What the world believes of GitHub, each a sentence with its page and, where the API can show it, a test.
 *
 * The tests run in the world, and against the live API when it is named (see facts.test.ts). Until that was done once,
 * nothing here is held to the live API.
 */
export const FACTS: readonly Fact[] = [
  ...CHECK_FACTS,
  ...PULL_FACTS,
  ...GIT_FACTS,
  ...API_FACTS,
  ...CONVERSATION_FACTS,
  ...ACTION_FACTS,
  ...MANIFEST_FACTS,
]
