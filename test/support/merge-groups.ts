import { createHmac } from 'node:crypto'
import type { Delivery } from '../../src/world/github/github-state.ts'
import type { Story } from './github-world.ts'

/** Heads of the groups that stand in the queue now, first first. */
export function groups({ world }: Story): readonly string[] {
  return [...world.github.state.queue.values()].map(({ group }) => group?.headSha ?? '')
}

/** GitHub builds one group of so many entries, and tells of that one alone: from the branch's own tip on. */
export async function asOneGroup(story: Story, entries: number): Promise<void> {
  const { app, repository, world } = story
  const base = await repository.tip()
  world.webhooksTo({
    deliver: async (delivery: Delivery) => {
      const body = JSON.parse(delivery.requestBody)
      const group = body.merge_group
      if (group !== undefined && group.head_sha !== groups(story)[entries - 1]) return 202
      if (group !== undefined) group.base_sha = base
      const bytes = Buffer.from(JSON.stringify(body))
      const headers = Object.entries(delivery.requestHeaders).map(([name, value]) => [name.toLowerCase(), value])
      const signature = `sha256=${createHmac('sha256', world.app.webhookSecret).update(bytes).digest('hex')}`
      const answer = await app.receive({ ...Object.fromEntries(headers), 'x-hub-signature-256': signature }, bytes)
      return answer.status
    },
  })
}
