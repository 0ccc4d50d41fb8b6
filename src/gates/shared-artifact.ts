import type { ArtifactFacts } from './evidence.ts'
import type { SharedTerms } from './shared-estimates.ts'
import { told, toldCode, UNTOLD_MEND } from './shared-texts.ts'

/** Programs that write ONNX files; a file may claim any name, so others are not repeated. */
const PRODUCERS: readonly string[] = [
  'skl2onnx',
  'OnnxMLTools',
  'pytorch',
  'tf2onnx',
  'keras2onnx',
  'spox',
  'onnx-example',
  'onnxruntime',
  'CatBoost',
  'PaddlePaddle',
]

/** What is known of an artifact, without texts that its bytes chose. */
export function sharedArtifact(facts: ArtifactFacts, { names }: SharedTerms): ArtifactFacts {
  const { onnx } = facts
  return {
    ...facts,
    onnx: onnx && { ...onnx, producer: PRODUCERS.includes(onnx.producer) ? onnx.producer : 'another producer' },
    problems: facts.problems.map(({ code, what, mend }) => ({
      code: toldCode(code),
      what: told(what, names, `the artifact has a problem (${toldCode(code)})`),
      mend: told(mend, names, UNTOLD_MEND),
    })),
  }
}
