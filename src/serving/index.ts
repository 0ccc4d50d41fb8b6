import { deployment } from './deployment.ts'
import { kserve } from './kserve.ts'
import type { ServingTarget } from './target.ts'

/** Every kind of object whose served version can be read; one file each. */
export const servingTargets: readonly ServingTarget[] = [kserve, deployment]
