/**
 * Name of the mark that holds the correlation id of the training that a workflow run does: events of its jobs name the
 * run by nothing but its id.
 */
export function trainingRunMark(repositoryId: number, runId: number): string {
  return `training-run:${repositoryId}:${runId}`
}
