import type { DocumentPath } from '../registry/dotted-path.ts'
import type { Manifest } from './manifest-reader.ts'
import schema from './schemas/deployment.json' with { type: 'json' }
import type { ArtifactField, ServingTarget } from './target.ts'
import { valueAt, type YamlValue } from './yaml-value.ts'

/** Environment variable that names the artifact to the server. */
const MODEL_VARIABLE = 'MODEL_URI'

/** A plain Deployment whose server is told by MODEL_URI what to load. */
export const deployment: ServingTarget = {
  name: 'deployment',
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  about: `The artifact stands in the environment variable ${MODEL_VARIABLE} of exactly one container.`,
  artifactField,
  schema,
  mistakes: () => [],
}

function artifactField({ value }: Manifest): ArtifactField {
  const variables = modelVariables(value)
  const [only, second] = variables
  if (only === undefined) {
    const because = `no container has the environment variable ${MODEL_VARIABLE}`
    return { is: 'absent', because, mend: `Add env: [{name: ${MODEL_VARIABLE}, value: <the artifact's URI>}].` }
  }
  const unclear = (because: string, mend: string, path: DocumentPath): ArtifactField => ({
    is: 'unclear',
    because,
    mend,
    path,
  })
  if (second !== undefined) {
    const because = `${MODEL_VARIABLE} stands ${variables.length} times in its containers, and one place must say what is served`
    return unclear(because, `Keep one ${MODEL_VARIABLE}.`, second)
  }
  if (only[3] !== 'containers') {
    return unclear(`${MODEL_VARIABLE} stands in ${only[3]}`, 'Move it to the container that serves.', only)
  }
  if (valueAt(value, [...only, 'valueFrom']) !== undefined) {
    return unclear(`${MODEL_VARIABLE} takes its value from elsewhere`, 'Write the value here.', [...only, 'valueFrom'])
  }
  return { is: 'at', path: [...only, 'value'] }
}

/** Paths of every entry named MODEL_URI of the pods' containers of any sort. */
export function modelVariables(value: YamlValue): readonly DocumentPath[] {
  const pod = ['spec', 'template', 'spec']
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((sort) =>
    indicesOf(valueAt(value, [...pod, sort])).flatMap((container) =>
      indicesOf(valueAt(value, [...pod, sort, container, 'env']))
        .map((entry): DocumentPath => [...pod, sort, container, 'env', entry])
        .filter((path) => valueAt(value, [...path, 'name']) === MODEL_VARIABLE),
    ),
  )
}

function indicesOf(value: YamlValue | undefined): readonly number[] {
  return Array.isArray(value) ? value.map((_, index) => index) : []
}
