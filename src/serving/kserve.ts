import type { Manifest } from './manifest-reader.ts'
import schema from './schemas/inferenceservice.json' with { type: 'json' }
import type { ArtifactField, ServingTarget, TargetMistake } from './target.ts'
import { isObject, valueAt } from './yaml-value.ts'

const MODEL = ['spec', 'predictor', 'model'] as const
/** Predictors of before `model`: each names a format and holds a `storageUri` of its own. */
const OLD_PREDICTORS = [
  'huggingface',
  'lightgbm',
  'onnx',
  'paddle',
  'pmml',
  'pytorch',
  'sklearn',
  'tensorflow',
  'triton',
  'xgboost',
]

/** KServe InferenceService, Knative and Standard mode. */
export const kserve: ServingTarget = {
  name: 'kserve',
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  about: 'The artifact stands in spec.predictor.model.storageUri.',
  artifactField,
  schema,
  mistakes,
}

function artifactField({ value }: Manifest): ArtifactField {
  const second = secondSource(value)
  if (second !== null) return second
  if (valueAt(value, [...MODEL, 'storageUri']) !== undefined) return { is: 'at', path: [...MODEL, 'storageUri'] }
  return {
    is: 'absent',
    because: 'it has no spec.predictor.model.storageUri',
    mend: "Write the artifact's URI there.",
  }
}

/** Anything besides `storageUri` that brings a model to this service. */
function secondSource(value: Manifest['value']): ArtifactField | null {
  const unclear = (path: readonly string[], because: string, mend: string): ArtifactField => ({
    is: 'unclear',
    because: `${path.join('.')} ${because}`,
    mend,
    path,
  })
  if (valueAt(value, ['spec', 'canary']) !== undefined) {
    const mend = 'Keep one predictor: with canaryTrafficPercent the one before it takes the rest.'
    return unclear(['spec', 'canary'], 'is a second predictor, not judged by this version', mend)
  }
  const old = OLD_PREDICTORS.find((format) => valueAt(value, ['spec', 'predictor', format]) !== undefined)
  if (old !== undefined) {
    const mend = `Write it as spec.predictor.model with modelFormat.name: ${old}.`
    return unclear(['spec', 'predictor', old], 'is a predictor of the old form, not judged by this version', mend)
  }
  if (valueAt(value, ['spec', 'predictor', 'storageUris']) !== undefined) {
    const mend = 'Keep spec.predictor.model.storageUri alone.'
    return unclear(['spec', 'predictor', 'storageUris'], 'brings further files, not judged by this version', mend)
  }
  if (valueAt(value, [...MODEL, 'storage']) !== undefined) {
    const mend = "Write the artifact's URI as spec.predictor.model.storageUri."
    return unclear([...MODEL, 'storage'], 'names the artifact by key and path, not judged by this version', mend)
  }
  return null
}

/** Bounds that KServe's own schema leaves out. */
function mistakes({ value }: Manifest): readonly TargetMistake[] {
  const found: TargetMistake[] = []
  const percent = valueAt(value, ['spec', 'predictor', 'canaryTrafficPercent'])
  if (typeof percent === 'number' && (percent < 0 || percent > 100)) {
    found.push({
      path: ['spec', 'predictor', 'canaryTrafficPercent'],
      what: `is ${percent}, and a percentage lies between 0 and 100`,
      mend: 'KServe takes any number here without a word; write the share of requests that you mean.',
    })
  }
  const model = valueAt(value, MODEL)
  if (isObject(model) && typeof valueAt(model, ['modelFormat', 'name']) !== 'string') {
    found.push({
      path: MODEL,
      what: 'has no modelFormat.name, without which KServe finds no runtime',
      mend: 'Add modelFormat: {name: onnx}, or the format that it is.',
    })
  }
  return found
}
