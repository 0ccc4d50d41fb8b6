/** Why a path of an environment is not read as objects, and what would help. */
export interface Unread {
  readonly what: string
  readonly mend: string
}

const RENDER = 'Commit the rendered manifests here, and keep what they are rendered from elsewhere.'

/** Names of files that tools expand into something else than what stands there. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^kustomization(\.ya?ml)?$/i, 'says how other files are put together (Kustomize)'],
  [/^(Chart|Chart\.lock|requirements)(\.ya?ml)?$/, 'makes this folder a Helm chart'],
  [/^values([.-].*)?\.ya?ml$/i, 'holds values that a Helm chart is rendered with'],
  [/^helmfile(\..*)?\.ya?ml$/i, 'says which charts are rendered (Helmfile)'],
  [/^\.argocd-source.*\.ya?ml$/i, 'changes what Argo CD renders'],
  [/^skaffold\.ya?ml$/i, 'says how other files are put together (Skaffold)'],
]
const BY_EXTENSION: readonly (readonly [RegExp, string])[] = [
  [/\.(jsonnet|libsonnet)$/i, 'is Jsonnet, which Argo CD runs'],
  [/\.(tpl|tmpl|gotmpl|j2|jinja2?|mustache)$/i, 'is a template'],
  [/\.(cue|k|dhall|pkl|star|ytt|tf|hcl)$/i, 'is a program that makes manifests'],
]

/**
 * Why a path below an environment's manifests cannot be read as objects.
 *
 * @returns null for .yaml, .yml and .json files, and for files that no deployer reads
 */
export function unreadFile(path: string, mode: string): Unread | null {
  if (mode === '120000') return { what: 'is a symbolic link, which deployers follow', mend: 'Commit the file itself.' }
  if (mode === '160000') return { what: 'is a submodule, which deployers follow', mend: 'Commit the files themselves.' }
  const name = path.slice(path.lastIndexOf('/') + 1)
  const known = [...BY_NAME, ...BY_EXTENSION].find(([pattern]) => pattern.test(name))
  return known === undefined ? null : { what: known[1], mend: RENDER }
}

/** Whether deployers take a file for manifests by its name. */
export function isManifestPath(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path)
}
