import type { HeadPaths } from '../../checks/check-annotations.ts'
import type { DesiredCheck } from '../../checks/desired-check.ts'
import { desiredChecks } from '../../checks/desired-checks.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { RepositoryJob } from './job-context.ts'
import type { WeighedPull } from './weighed-pull.ts'

/** The checks that a commit should bear for the pull requests that it stands for: one's head, or a merge group's. */
export function commitChecks(
  job: RepositoryJob,
  weighings: readonly WeighedPull[],
  configuration: Configuration | null,
): readonly DesiredCheck[] {
  const required = weighings.map(({ now }) => now.isRequired)
  const { owner, name } = job.repository
  return desiredChecks({
    weighings,
    engine: job.engine,
    headPaths: headPaths(weighings),
    isRequired: required.includes(true) ? true : required.includes(null) ? null : false,
    isFork: weighings.some(({ now }) => now.isFork),
    mode: configuration?.checks ?? 'rolled-up',
    reportUrl: null,
    repositoryUrl: `${job.webUrl}/${owner}/${name}`,
  })
}

/** Lines that a diff of this commit shows: GitHub shows an annotation of any other line in the Checks tab alone. */
function headPaths(weighings: readonly WeighedPull[]): HeadPaths {
  const shown = weighings.flatMap(({ weighed, shownLines }) =>
    weighed.pull.changed.flatMap(({ path, status }) =>
      status === 'removed' ? [] : [[path, shownLines.get(path) ?? []] as const],
    ),
  )
  const paths = [...new Set(shown.map(([path]) => path))]
  return new Map(paths.map((path) => [path, shown.filter(([other]) => other === path).flatMap(([, lines]) => lines)]))
}
