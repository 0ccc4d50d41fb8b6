import { createComment, deleteComment, editComment } from '../../src/world/github/acts/comment.ts'
import { createIssue } from '../../src/world/github/acts/write-issue.ts'
import { commentsOf } from '../../src/world/github/state/find.ts'
import type { Story } from './github-world.ts'
import { as, otherBot } from './story-acts.ts'

/** What somebody says under an issue or a pull request, and everything that follows. */
export async function says(story: Story, by: string, number: number, body: string): Promise<number> {
  const { id } = await story.after(speaks(story, by, number, body))
  return id
}

/** The same, and nothing follows yet. */
export function speaks(story: Story, by: string, number: number, body: string) {
  return createComment(story.world.github.running, as(story, by), { repository: story.repository.id, number, body })
}

/** The same by the bot of somebody else's app, which may write here. */
export async function saysAsApp(story: Story, number: number, body: string): Promise<void> {
  const of = { repository: story.repository.id, number, body }
  await story.after(createComment(story.world.github.running, await otherBot(story), of))
}

export async function editsComment(story: Story, by: string, comment: number, body: string): Promise<void> {
  await editComment(story.world.github.running, as(story, by), { repository: story.repository.id, comment, body })
}

export async function deletesComment(story: Story, by: string, comment: number): Promise<void> {
  await deleteComment(story.world.github.running, as(story, by), { repository: story.repository.id, comment })
}

export async function opensIssue(story: Story, by: string, title: string): Promise<number> {
  const { id: repository } = story.repository
  const { number } = await createIssue(story.world.github.running, as(story, by), { repository, title })
  return number
}

/** What our app has said there, oldest first. */
export function answersIn(story: Story, number: number) {
  const { state } = story.world.github
  const comments = commentsOf(state, story.repository.id, number)
  return comments
    .filter(({ app }) => app === story.world.app.id)
    .map(({ id, body, minimised }) => ({ id, body, isFolded: minimised !== null }))
}

/** The newest of them. */
export function answerIn(story: Story, number: number): string {
  return answersIn(story, number).at(-1)?.body ?? ''
}

/** Reactions of our app to a comment. */
export function reactionsTo({ world }: Story, comment: number): readonly string[] {
  const { state } = world.github
  const own = [...state.reactions.values()].filter(({ on, subject }) => on === 'comment' && subject === comment)
  return own.map(({ content }) => content)
}
