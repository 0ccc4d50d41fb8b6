import type { Problem } from './problem.ts'

const LFS = 'version https://git-lfs.github.com/spec/v1'
const POINTER_BYTES = 4096

/**
 * Git LFS and DVC leave small texts in place of files; serving one would serve nothing.
 *
 * @param head  the first bytes of the file
 * @param sizeBytes  of the whole file; pointers are small
 */
export function pointerProblem(head: Uint8Array, sizeBytes: number): Problem | null {
  if (sizeBytes > POINTER_BYTES) return null
  const text = new TextDecoder().decode(head)
  if (text.startsWith(LFS))
    return {
      code: 'lfs-pointer',
      what: 'it is a Git LFS pointer, not a model',
      mend: 'Upload the file itself: `git lfs pull`, then register the version again.',
    }
  if (/^outs:\s*$/m.test(text) && /^\s*(- )?(md5|hash|etag|path):/m.test(text))
    return {
      code: 'dvc-pointer',
      what: 'it is a DVC pointer, not a model',
      mend: 'Upload the file itself: `dvc pull`, then register the version again.',
    }
  return null
}

interface Signature {
  readonly called: string
  readonly at: number
  readonly bytes: readonly number[]
}

const ascii = (text: string): readonly number[] => Array.from(text, (character) => character.charCodeAt(0))

/** What people upload by mistake, told by its first bytes. */
const SIGNATURES: readonly Signature[] = [
  { called: 'a gzip archive', at: 0, bytes: [0x1f, 0x8b] },
  { called: 'a zip archive (PyTorch .pt, Keras and NumPy .npz files are such)', at: 0, bytes: ascii('PK\x03\x04') },
  { called: 'a zstd archive', at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { called: 'a NumPy array', at: 0, bytes: [0x93, ...ascii('NUMPY')] },
  { called: 'an HDF5 file (Keras)', at: 0, bytes: [0x89, ...ascii('HDF')] },
  { called: 'a Parquet table', at: 0, bytes: ascii('PAR1') },
  { called: 'a TensorFlow Lite model', at: 4, bytes: ascii('TFL3') },
  { called: 'a model in the ORT format of onnxruntime', at: 4, bytes: ascii('ORTM') },
]

/** Names the kind of file when its first bytes say that it is no ONNX model; null when they may be one. */
export function notAModelProblem(head: Uint8Array): Problem | null {
  const called = head.length === 0 ? 'an empty file' : (textKind(head) ?? binaryKind(head))
  if (called === null) return null
  return {
    code: 'not-a-model',
    what: `it is ${called}, not an ONNX model`,
    mend: called.includes('page')
      ? 'Look at the upload: the store answered an error, and the answer was saved as the model.'
      : 'Export the model to ONNX, or record it as `format: opaque`.',
  }
}

function textKind(head: Uint8Array): string | null {
  const text = new TextDecoder()
    .decode(head.subarray(0, 256))
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (/^<\?xml|^<Error>/i.test(text)) return 'an XML page (as stores answer with errors)'
  if (/^<(!doctype|html|head|body)/i.test(text)) return 'an HTML page (a login or error page)'
  return /^\{\s*"/.test(text) ? 'a JSON text' : null
}

function binaryKind(head: Uint8Array): string | null {
  if (head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5) return 'a Python pickle'
  const found = SIGNATURES.find(({ at, bytes }) => bytes.every((byte, index) => head[at + index] === byte))
  return found?.called ?? null
}
