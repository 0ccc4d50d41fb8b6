/** Lets one act at a time into a repository; the others wait in the order they came. */
export class Turns {
  readonly #last = new Map<number, Promise<unknown>>()

  take<T>(repository: number, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(repository) ?? Promise.resolve()
    const mine = before.then(act)
    this.#last.set(
      repository,
      mine.catch(() => undefined),
    )
    return mine
  }
}
