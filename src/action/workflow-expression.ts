/**
 * An expression as a workflow writes it.
 *
 * @example workflowExpression('github.token') // => '${{ github.token }}'
 */
export function workflowExpression(text: string): string {
  return `\${{ ${text} }}`
}
