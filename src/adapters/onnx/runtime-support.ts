/**
 * What onnxruntime 1.30 opens, so that a refusal names both sides before the runtime is started.
 * A test asks the runtime itself, and fails when an upgrade moves these.
 */
export const RUNTIME = 'onnxruntime 1.30'
export const NEWEST_IR_VERSION = 13
export const NEWEST_OPSETS: Readonly<Record<string, number>> = {
  'ai.onnx': 26,
  'ai.onnx.ml': 5,
  'ai.onnx.training': 1,
  'ai.onnx.preview': 1,
  'ai.onnx.preview.training': 1,
  'com.microsoft': 1,
  'com.microsoft.nchwc': 1,
}
