import { open, readFile } from 'node:fs/promises'
import type { ArtifactFacts, ArtifactRequest } from '../../gates/evidence.ts'
import { type LocalFile, TooLarge, type Unavailable } from '../../ports.ts'
import { filesDigest } from '../../registry/files-digest.ts'
import { type FolderFile, folderProblems } from './folder-problems.ts'
import { graphProblems } from './graph-problems.ts'
import { notAModelProblem, pointerProblem } from './not-a-model.ts'
import { type OnnxGraph, readOnnxGraph } from './onnx-graph.ts'
import type { Problem } from './problem.ts'
import { ProtobufError } from './protobuf.ts'

/** A fetched artifact that is a folder: every file that lies there, with `path` relative to the folder. */
export interface LocalFolder {
  readonly files: readonly { readonly path: string; readonly file: LocalFile }[]
}

/** Protocol Buffers ends here. */
const MAX_MODEL_BYTES = 2 ** 31 - 1
const HEAD_BYTES = 4096

/**
 * What is true of an artifact's bytes, and what of it is wrong.
 *
 * The digest and size are compared with the record; an ONNX file is then read by our own bounded reader, and external
 * data, unknown operator sets and another signature are named before any runtime opens it. An `opaque` file is never
 * opened: only Git LFS and DVC pointers, which are texts, are told apart.
 *
 * @param fetched  what the store gave: a file, a folder's files, or why there is none
 * @throws the given Unavailable when there are no bytes to say anything about (but not for TooLarge)
 */
export async function inspectArtifact(
  fetched: LocalFile | LocalFolder | Unavailable,
  request: ArtifactRequest,
): Promise<ArtifactFacts> {
  const format = request.subject.artifact.format ?? 'onnx'
  if (fetched instanceof TooLarge) return tooLarge(fetched, format)
  if (fetched instanceof Error) throw fetched
  if ('files' in fetched) return inspectFolder(fetched, request, format)
  return inspectFile(fetched, request, format)
}

function tooLarge(error: TooLarge, format: ArtifactFacts['format']): ArtifactFacts {
  const problem = { code: 'too-large', what: error.message, mend: error.mend }
  return { digest: null, size_bytes: null, format, onnx: null, problems: [problem] }
}

async function inspectFile(
  file: LocalFile,
  request: ArtifactRequest,
  format: ArtifactFacts['format'],
): Promise<ArtifactFacts> {
  const bytes = await inspectBytes(file, request, format)
  const problems = [...recordProblems(file, request), ...folderExpected(request), ...bytes.problems]
  return { digest: file.digest, size_bytes: file.size_bytes, format, onnx: bytes.onnx, problems }
}

async function inspectFolder(
  folder: LocalFolder,
  request: ArtifactRequest,
  format: ArtifactFacts['format'],
): Promise<ArtifactFacts> {
  const found: readonly FolderFile[] = folder.files.map(({ path, file }) => ({ ...file, path }))
  const whole = { digest: filesDigest(found), size_bytes: found.reduce((sum, file) => sum + file.size_bytes, 0) }
  const listed = folderProblems(request.subject.files ?? [], found)
  const models = folder.files.filter(({ path }) => format === 'onnx' && path.toLowerCase().endsWith('.onnx'))
  const bytes =
    models.length === 1 ? await inspectBytes(models[0]!.file, request, format) : { onnx: null, problems: [] }
  const problems = [
    ...recordProblems(whole, request),
    ...listed,
    ...modelCount(format, models.length),
    ...bytes.problems,
  ]
  return { ...whole, format, onnx: bytes.onnx, problems }
}

function modelCount(format: ArtifactFacts['format'], models: number): readonly Problem[] {
  if (format === 'opaque' || models === 1) return []
  const what = `the folder holds ${models} .onnx files, and exactly one can be weighed`
  return [{ code: 'folder', what, mend: 'Keep one .onnx file, or record the artifact as `format: opaque`.' }]
}

function folderExpected(request: ArtifactRequest): readonly Problem[] {
  if (request.subject.files === undefined) return []
  const what = `the record lists ${request.subject.files.length} files, and ${request.subject.artifact.uri} is one file`
  return [{ code: 'folder', what, mend: 'Let `artifact.uri` name the folder, or leave `files` out.' }]
}

function recordProblems(
  found: { readonly digest: string; readonly size_bytes: number },
  { subject, max_bytes }: ArtifactRequest,
): readonly Problem[] {
  const { uri, digest, size_bytes } = subject.artifact
  const problems: Problem[] = []
  if (found.digest !== digest)
    problems.push({
      code: 'digest',
      what: `the digest of ${uri} is ${found.digest}, the record says ${digest}`,
      mend: 'Train again, or record the digest you meant to ship.',
    })
  if (size_bytes !== undefined && found.size_bytes !== size_bytes)
    problems.push({
      code: 'size',
      what: `${uri} has ${found.size_bytes} bytes, the record says ${size_bytes}`,
      mend: 'Upload the whole file again, or record the size you meant to ship.',
    })
  if (found.size_bytes > max_bytes) problems.push(oversize(uri, found.size_bytes, max_bytes))
  return problems
}

function oversize(called: string, sizeBytes: number, maxBytes: number): Problem {
  const what = `${called} has ${sizeBytes} bytes, more than the limit of ${maxBytes}`
  return { code: 'too-large', what, mend: 'Raise the limit, or ship less.' }
}

interface Inspected {
  readonly onnx: ArtifactFacts['onnx']
  readonly problems: readonly Problem[]
}

async function inspectBytes(
  file: LocalFile,
  request: ArtifactRequest,
  format: ArtifactFacts['format'],
): Promise<Inspected> {
  const head = await readHead(file.path)
  const pointer = pointerProblem(head, file.size_bytes)
  if (pointer !== null) return { onnx: null, problems: [pointer] }
  if (format === 'opaque') return { onnx: null, problems: [] }
  const other = notAModelProblem(head)
  if (other !== null) return { onnx: null, problems: [other] }
  if (file.size_bytes > request.max_bytes) return { onnx: null, problems: [] }
  if (file.size_bytes > MAX_MODEL_BYTES)
    return { onnx: null, problems: [oversize('the model file', file.size_bytes, MAX_MODEL_BYTES)] }
  return inspectModel(await readFile(file.path), request)
}

function inspectModel(bytes: Uint8Array, request: ArtifactRequest): Inspected {
  try {
    const graph = readOnnxGraph(bytes)
    return { onnx: described(graph), problems: graphProblems(graph, request.subject.signature) }
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
    return { onnx: null, problems: [unreadable(error, bytes.length)] }
  }
}

function described({ external: _, ...graph }: OnnxGraph): ArtifactFacts['onnx'] {
  return graph
}

function unreadable(error: ProtobufError, sizeBytes: number): Problem {
  if (error.ends)
    return {
      code: 'truncated',
      what: `the ONNX file cannot be parsed: it stops in the middle, after ${sizeBytes} bytes`,
      mend: 'Upload the whole file again.',
    }
  return {
    code: 'parse',
    what: `the file cannot be parsed as ONNX: ${error.message}`,
    mend: 'Export the model to ONNX again, or record it as `format: opaque`.',
  }
}

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
