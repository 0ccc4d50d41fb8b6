import { cache, cacheSave } from './cache.ts'
import { checkout } from './checkout.ts'
import { downloadArtifact } from './download-artifact.ts'
import { setupNode, setupPython } from './setup.ts'
import type { StandIn } from './stand-in.ts'
import { uploadArtifact } from './upload-artifact.ts'

/** By the name in `uses:`, whatever version is asked for. */
export const STAND_INS: Readonly<Record<string, StandIn>> = {
  'actions/cache': cache,
  'actions/cache/restore': cache,
  'actions/cache/save': cacheSave,
  'actions/checkout': checkout,
  'actions/download-artifact': downloadArtifact,
  'actions/setup-node': setupNode,
  'actions/setup-python': setupPython,
  'actions/upload-artifact': uploadArtifact,
}
