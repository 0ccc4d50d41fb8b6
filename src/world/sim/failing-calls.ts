import { type CallAddress, printAddress } from '../faults/call-address.ts'
import type { Effect, Fault } from '../faults/fault.ts'
import type { Step } from './scenario.ts'

type CallFails = NonNullable<Step['call_fails']>

/** Calls of the app that a scenario lets go wrong. */
export interface FailingCalls {
  add(call: CallFails): void
  faultAt(address: CallAddress): Fault | undefined
  /** Operations whose fault never came. */
  readonly unused: readonly string[]
  /** Addresses that went wrong. */
  readonly used: readonly string[]
}

export function failingCalls(): FailingCalls {
  let waiting: readonly { readonly call: CallFails; readonly left: number }[] = []
  const used: string[] = []
  return {
    add: (call) => {
      waiting = [...waiting, { call, left: call.times ?? 1 }]
    },
    faultAt(address) {
      const found = waiting.find(({ call }) => fits(call.operation, address.operation))
      if (found === undefined) return undefined
      const left = found.left - 1
      waiting = waiting.flatMap((one) => (one !== found ? [one] : left === 0 ? [] : [{ ...found, left }]))
      used.push(printAddress(address))
      return { at: address, effect: effectOf(found.call) }
    },
    get unused() {
      return waiting.map(({ call }) => call.operation)
    },
    used,
  }
}

function fits(wanted: string, operation: string): boolean {
  return wanted.endsWith('*') ? operation.startsWith(wanted.slice(0, -1)) : operation === wanted
}

function effectOf({ with: what, when = 'before' }: CallFails): Effect {
  if (what === 'no-answer') return { kind: 'no-answer', when }
  if (what === 'limited') return { kind: 'limited', status: 429, retryAfterS: 30 }
  return { kind: 'status', status: Number(what) as 500 | 502 | 503, when }
}
