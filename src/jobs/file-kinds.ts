import { policyKind } from '../policy/policy-file.ts'
import type { FileKind } from '../registry/file-kind.ts'
import { registryKinds } from '../registry/file-kinds.ts'

/** Every kind of file of ours, in the order in which people meet them. */
export const fileKinds: readonly FileKind<unknown>[] = [...registryKinds, policyKind as FileKind<unknown>]
