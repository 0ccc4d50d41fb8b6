import { CONFIGURATION_PATH, type Configuration } from './configuration.ts'
import { NAME } from './names.ts'
import { liesIn } from './repository-path.ts'
import { parseVersion } from './semantic-version.ts'

/** What a path of the repository is to us. A stray lies where only files of ours may lie and is none. */
export type RegistryPath =
  | { readonly kind: 'configuration' | 'policy' | 'other' }
  | { readonly kind: 'model' | 'model-policy'; readonly model: string }
  | { readonly kind: 'version'; readonly model: string; readonly version: string }
  | { readonly kind: 'workflow'; readonly workflow: string }
  | { readonly kind: 'manifest'; readonly environment: string }
  | { readonly kind: 'stray-in-models'; readonly what: string; readonly mend: string }

const WORKFLOW = /^\.github\/workflows\/([^/]+\.ya?ml)$/

/**
 * What a path is to us. Exact: `1.4.0.yaml`, `Models/` or `versions/1.4.0+b.yml` are strays, never versions.
 *
 * @param configuration  of the governed branch; null when there is none, then no path is a manifest
 */
export function classifyPath(path: string, configuration: Pick<Configuration, 'environments'> | null): RegistryPath {
  if (path === CONFIGURATION_PATH) return { kind: 'configuration' }
  if (path.startsWith('policies/')) return { kind: 'policy' }
  if (path.split('/')[0]!.toLowerCase() === 'models') return classifyInModels(path)
  const workflow = WORKFLOW.exec(path)?.[1]
  if (workflow !== undefined) return { kind: 'workflow', workflow }
  const environment = configuration?.environments.find(({ manifests }) => liesIn(manifests, path))
  return environment === undefined ? { kind: 'other' } : { kind: 'manifest', environment: environment.name }
}

function classifyInModels(path: string): RegistryPath {
  const [top = '', model = '', third = '', fourth = '', ...more] = path.split('/')
  if (top !== 'models') return stray(`${top}/ differs from models/ in case`, 'Write models/ in lower case.')
  if (!NAME.test(model) || third === '') return strayModel(model, third)
  if (fourth === '' && more.length === 0 && third === 'model.yml') return { kind: 'model', model }
  if (fourth === '' && more.length === 0 && third === 'policy.yml') return { kind: 'model-policy', model }
  if (third !== 'versions' || fourth === '' || more.length > 0) return strayFile(model, third, fourth)
  const version = fourth.endsWith('.yml') ? fourth.slice(0, -4) : ''
  return parseVersion(version) === null ? strayVersion(fourth) : { kind: 'version', model, version }
}

function stray(what: string, mend: string): RegistryPath {
  return { kind: 'stray-in-models', what, mend }
}

const LAYOUT = 'models/<model>/ holds model.yml, policy.yml and versions/<version>.yml, nothing else'

function strayModel(model: string, rest: string): RegistryPath {
  if (rest === '') return stray(`is no model: ${LAYOUT}`, 'Move it out of models/.')
  const what = `${JSON.stringify(model)} is no model name: lower-case letters, digits and inner hyphens, 63 at most`
  return stray(what, 'Rename the folder.')
}

function strayFile(model: string, third: string, fourth: string): RegistryPath {
  const lower = third.toLowerCase()
  if (fourth === '' && /^(model|policy)\.ya?ml$/.test(lower)) {
    return stray(`${third} is not read: ${LAYOUT}`, `Rename it to ${lower.replace('.yaml', '.yml')}.`)
  }
  if (fourth !== '' && third !== 'versions' && /^versions?$/.test(lower)) {
    return stray(`${third}/ is not read: ${LAYOUT}`, 'Rename the folder to versions.')
  }
  return stray(`does not belong to ${model}: ${LAYOUT}`, 'Move it out of models/.')
}

function strayVersion(file: string): RegistryPath {
  const version = file
    .replace(/\.ya?ml$/i, '')
    .replace(/\+.*$/, '')
    .toLowerCase()
  if (parseVersion(version) === null)
    return stray(`${file} is no version: ${LAYOUT}`, 'Name it after a semantic version, such as 1.4.0.yml.')
  const why = file.includes('+')
    ? 'build metadata would give one version two files'
    : 'the file of a version is exactly <version>.yml'
  return stray(`${file} is not read: ${why}`, `Rename it to ${version}.yml.`)
}
