import { diffBlock } from './diff-block.ts'
import { codeSpan, escapeMarkdown } from './markdown-text.ts'
import type { Request } from './promotion-body.ts'

/** A retirement that somebody asked for, with all that its reviewer needs. */
export interface ToldRetirement {
  readonly model: string
  readonly version: string
  readonly reason: string
  /** The edit of model.yml, as `git diff` shows it. */
  readonly diff: readonly string[]
  readonly asked: Request
  /** Environments that were looked through: none of them serves it. */
  readonly environments: readonly string[]
}

/** `Retire churn 1.2.0` */
export function retirementTitle({ model, version }: Pick<ToldRetirement, 'model' | 'version'>): string {
  return `Retire ${model} ${version}`
}

/**
 * The description of a retirement that the app opens.
 *
 * @returns Markdown; whatever a person or a file names is escaped
 */
export function retirementBody({ model, version, reason, diff, asked, environments }: ToldRetirement): string {
  const looked =
    environments.length === 0
      ? 'This repository has no environment: whether another one serves it was not looked at.'
      : `None of ${environments.map((name) => codeSpan(name)).join(', ')} serves it at the commit that this starts from.`
  return [
    `Retires ${codeSpan(`${model} ${version}`)}: ${escapeMarkdown(reason, 'line', 500)}`,
    '',
    `Asked for by ${codeSpan(asked.login)} in [a comment](${asked.url}). ${looked}`,
    '',
    'From the merge on a promotion to this version fails. Its record, its artifact and its history stay.',
    '',
    ...diffBlock(diff),
    '',
    'To take it back, revert the merge.',
  ].join('\n')
}
