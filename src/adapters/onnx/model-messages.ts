/** Words between a runner and the child process that holds the model. Nothing else crosses: no ids, no labels. */

/** An input or output as the runtime states it; a free dimension is null. */
export interface TensorInfo {
  readonly name: string
  readonly type: string
  readonly shape: readonly (number | null)[]
  readonly isTensor: boolean
}

/** Rows of one input, row-major; `row` is the shape of one row's part: [] or [width]. */
export interface FedTensor {
  readonly name: string
  readonly type: string
  readonly row: readonly number[]
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array
  /** Of text: the values of each place in a row; `data` holds codes, -1 for a missing one. A text crosses once a call. */
  readonly texts?: readonly (readonly string[])[]
}

export interface AnsweredTensor {
  readonly name: string
  readonly width: number
  readonly values: Float64Array | readonly string[]
}

export type ToChild =
  | {
      readonly kind: 'open'
      readonly path: string
      readonly digest: string
      readonly threads: number
      readonly watch: { readonly timeoutMs: number; readonly memoryMb: number; readonly parent: number }
    }
  | {
      readonly kind: 'run'
      readonly rows: number
      /** Rows a call of the model; when `isFixed`, the last call is filled up with copies of its last row. */
      readonly batch: number
      readonly isFixed: boolean
      readonly tensors: readonly FedTensor[]
      readonly outputs: readonly string[]
    }
  | {
      readonly kind: 'time'
      readonly rows: number
      readonly batch: number
      readonly calls: number
      readonly tensors: readonly FedTensor[]
      readonly outputs: readonly string[]
    }

export type FromChild =
  | {
      readonly kind: 'opened'
      readonly inputs: readonly TensorInfo[]
      readonly outputs: readonly TensorInfo[]
      readonly openedMs: number
    }
  | { readonly kind: 'timed'; readonly ms: Float64Array; readonly peakMb: number }
  | { readonly kind: 'answered'; readonly outputs: readonly AnsweredTensor[] }
  | { readonly kind: 'refused'; readonly because: string }

/** Last words of a child that its own watch ends. */
export const WATCH_LATE = 'weighbridge: out of time'
export const WATCH_LARGE = 'weighbridge: out of memory'
