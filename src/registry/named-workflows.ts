import { classifyPath } from './registry-path.ts'
import { readYaml } from './yaml-document.ts'

/**
 * Workflows that a policy or a model.yml names: who changes one changes what is trained or attested.
 *
 * @param files  texts by path; those that are no policy and no model.yml, or cannot be read, name none
 * @returns file names, `train.yml`, below `.github/workflows/`
 */
export function namedWorkflows(files: ReadonlyMap<string, string>): ReadonlySet<string> {
  const names = [...files].flatMap(([path, text]) => {
    const { kind } = classifyPath(path, null)
    if (kind === 'model')
      return ['workflow', 'search_workflow'].flatMap((key) => workflowsAt(path, text, ['training', key]))
    return kind === 'policy' || kind === 'model-policy' ? workflowsAt(path, text, ['evidence', 'workflows']) : []
  })
  return new Set(names.map((name) => name.replace(/^(\.\/)?\.github\/workflows\//, '')))
}

function workflowsAt(path: string, text: string, steps: readonly string[]): readonly string[] {
  const reading = readYaml(path, text)
  if (!reading.ok) return []
  const found = steps.reduce<unknown>((holder, step) => field(holder, step), reading.document.value)
  return (Array.isArray(found) ? found : [found]).filter((name) => typeof name === 'string')
}

function field(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
    ? Reflect.get(holder, key)
    : undefined
}
