/** The step that calls us, as the runner tells of it, and where its log goes. */
export interface StepContext {
  readonly env: NodeJS.ProcessEnv
  /** Where relative paths of inputs begin: the workspace. Absolute. */
  readonly folder: string
  /** A line of the step's log; whatever it says, the runner obeys none of it. */
  readonly log: (line: string) => void
  /** For the API of GitHub. */
  readonly fetch: typeof fetch
  readonly wait: (ms: number) => Promise<void>
}
