import type { Command, CommandName } from '../../commands/command.ts'
import type { CommentNow, ThreadNow } from '../../ports/conversation.ts'
import type { RoleAnswer, RoleQuestion } from '../../ports/git-host.ts'
import type { Account } from '../../ports/pull-now.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { RepositoryJob } from '../github/job-context.ts'
import type { RegistryReader } from '../registry-reader.ts'

/** Answering one comment: what was read of it, once, for all its commands. */
export interface CommentJob extends RepositoryJob {
  readonly now: CommentNow & { readonly comment: NonNullable<CommentNow['comment']> }
  readonly thread: ThreadNow
  /** Whether its pull request goes into a governed branch; null under an issue. */
  readonly isGoverned: boolean | null
  /** Who wrote it: looked up by id, no bot. */
  readonly by: Account
  /** Of the tip of the default branch; null when absent or with mistakes. */
  readonly configuration: Configuration | null
  /** What is known about people now; the same question is asked once a comment. */
  people(question: RoleQuestion): Promise<RoleAnswer>
  /** The registry at the tip of the default branch, models where they lie; what it read is read once for the whole comment. */
  readonly registry: RegistryReader
}

/** One command of a comment. */
export interface Asking {
  /** Line of the comment, from 1. */
  readonly line: number
  /** Digest of (comment id, line): whatever follows from the command is named after it, so that doing it again changes nothing. */
  readonly cause: string
  /** When the comment was written, ISO 8601; relative times count from here. */
  readonly at: string
}

/** What people read as the answer to one command. */
export type EffectAnswer =
  | { readonly is: 'done'; readonly text: string }
  /** Nothing was done; the text says why, and what would help. */
  | { readonly is: 'refused'; readonly text: string }
  /** Work goes on; whoever does it rewrites this section of the answer. */
  | { readonly is: 'running'; readonly text: string }

/** Does what an authorised command asks for. The text is Markdown in which everything that others name is escaped. */
export type Effect<Name extends CommandName = CommandName> = (
  job: CommentJob,
  command: Extract<Command, { readonly name: Name }>,
  asking: Asking,
) => Promise<EffectAnswer>

/** One effect for each command; a command without one does not compile. */
export type Effects = { readonly [Name in CommandName]: Effect<Name> }
