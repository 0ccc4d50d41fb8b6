import type { Fields } from '../graphql-call.ts'
import { commentMutations } from './comment-mutations.ts'
import { pullMutations } from './pull-mutations.ts'
import { refMutations } from './ref-mutations.ts'

export const mutationFields: Fields<unknown> = { ...commentMutations, ...pullMutations, ...refMutations }
