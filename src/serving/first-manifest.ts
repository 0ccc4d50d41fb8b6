import type { Environment } from '../registry/configuration.ts'
import type { VersionRecord } from '../registry/record.ts'
import { MODEL_LABEL, VERSION_ANNOTATION } from './manifest.ts'

/**
 * A manifest to begin with where an environment serves no version of a model yet: a KServe InferenceService.
 *
 * @returns where it would lie and what would stand in it; nothing is generated behind anybody's back, so a person
 * writes it, with the resources and the account that the cluster needs
 */
export function firstManifest(
  { manifests }: Pick<Environment, 'manifests'>,
  { model, version, artifact }: Pick<VersionRecord, 'model' | 'version' | 'artifact'>,
): { readonly path: string; readonly content: string } {
  const content = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: ${model}
  labels:
    ${MODEL_LABEL}: ${model}
  annotations:
    ${VERSION_ANNOTATION}: "${version}"
spec:
  predictor:
    model:
      modelFormat: {name: onnx}
      protocolVersion: v2
      storageUri: ${JSON.stringify(artifact.uri)}
`
  return { path: `${manifests.replace(/\/$/, '')}/${model}.yml`, content }
}
