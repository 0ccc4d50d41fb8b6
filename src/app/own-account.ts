import type { AppHost } from '../ports/git-host.ts'

/** The account that the app writes as. */
export interface OwnAccount {
  /** 0 until GitHub has told it; what comes from it is then answered as anybody's, which only costs a look. */
  id(): number
  /** Asks GitHub unless it is known. Never throws: installed nowhere yet, or GitHub is away, it is asked again. */
  ask(): Promise<void>
}

export function ownAccount(appHost: Pick<AppHost, 'identity'>): OwnAccount {
  let known = 0
  return {
    id: () => known,
    ask: async () => {
      if (known !== 0) return
      known = await appHost.identity().then(
        ({ bot }) => bot.id,
        () => 0,
      )
    },
  }
}
