import type { WorldClock } from '../clock.ts'
import {
  type Addressing,
  addressing,
  type CallAddress,
  isMutation,
  type SeenCall,
  sameAddress,
} from './call-address.ts'
import type { Effect, Fault, RecordedCall } from './fault.ts'
import { answerChanged, answerInstead } from './faulty-answer.ts'
import { silence } from './mortal-clock.ts'

/** The life of one instance of a program: from when it may speak until it is dead. */
export interface Epoch {
  readonly isOpen: boolean
  /** From now on nothing that it sends arrives, and no answer reaches it. */
  close(): void
  /** What it still tried to send after it was dead: each one is a mistake of the program or of the test. */
  readonly refused: readonly CallAddress[]
}

/** A `fetch` that records its calls and lets some of them go wrong. */
export interface FaultyTransport {
  readonly fetch: typeof fetch
  /** Calls that were let through or answered, in the order in which they were sent. */
  readonly calls: readonly RecordedCall[]
  /** Faults that have fired. */
  readonly fired: readonly Fault[]
  readonly epoch: Epoch
}

export interface TransportOptions {
  readonly clock: WorldClock
  readonly faults?: readonly Fault[]
  /** Chooses a fault by other means than its whole address. */
  readonly faultAt?: (address: CallAddress) => Fault | undefined
  /** Called in the moment in which the program is killed. */
  readonly onKill?: () => void
  /** Goes on counting where another instance ended. */
  readonly addressing?: Addressing
}

/**
 * Wraps anything that is shaped like `fetch`.
 *
 * A dead program's calls never settle: it neither gets an answer nor an error that it could handle.
 */
export function faultyTransport(inner: typeof fetch, options: TransportOptions): FaultyTransport {
  const { clock, faults = [], faultAt = () => undefined, onKill = () => undefined } = options
  const names = options.addressing ?? addressing()
  const [calls, fired, refused]: [RecordedCall[], Fault[], CallAddress[]] = [[], [], []]
  let isOpen = true
  const epoch = {
    get isOpen() {
      return isOpen
    },
    close: () => {
      isOpen = false
    },
    refused,
  }
  const kill = () => {
    isOpen = false
    onKill()
    return silence
  }
  const send: typeof fetch = async (input, init) => {
    const wasOpen = isOpen
    const request = new Request(input, init)
    const call = await seen(request)
    // what was on its way out in the moment of death is not held against the dead
    if (!isOpen && wasOpen) return silence
    const address = names.address(call)
    if (!isOpen) {
      refused.push(address)
      return silence
    }
    const fault = faults.find((one) => !fired.includes(one) && sameAddress(one.at, address)) ?? faultAt(address)
    if (fault !== undefined) fired.push(fault)
    const index = calls.push(recorded(call, address)) - 1
    if (fault?.effect.kind === 'kill' && fault.effect.when === 'before') return kill()
    const answer = await answered(inner, request, { call, effect: fault?.effect, now: clock.now(), names })
    if (fault?.effect.kind === 'kill') return kill()
    if (!isOpen) return silence
    if (answer === null) throw new TypeError('fetch failed', { cause: brokenConnection() })
    calls[index] = { ...recorded(call, address), ...(await told(answer)), status: answer.status }
    return answer
  }
  return { fetch: send, calls, fired, epoch }
}

async function seen(request: Request): Promise<SeenCall> {
  return { method: request.method, url: request.url, body: await request.clone().text() }
}

interface Answering {
  readonly call: SeenCall
  readonly effect: Effect | undefined
  readonly now: number
  readonly names: Addressing
}

/** What comes back; null when the connection broke. */
async function answered(inner: typeof fetch, request: Request, { call, effect, now, names }: Answering) {
  if (effect === undefined || effect.kind === 'kill') return learning(inner, request, call, names)
  const isBefore = !('when' in effect) || effect.when === 'before'
  const instead = answerInstead(effect, now)
  if (isBefore && (instead !== null || effect.kind === 'no-answer')) return instead
  const real = await learning(inner, request, call, names)
  if (instead !== null || effect.kind === 'no-answer') return instead
  return answerChanged(effect, real)
}

async function learning(inner: typeof fetch, request: Request, call: SeenCall, names: Addressing): Promise<Response> {
  const answer = await inner(request)
  if (call.method === 'POST' && answer.ok)
    names.learn(
      call,
      await answer
        .clone()
        .json()
        .catch(() => null),
    )
  return answer
}

function recorded(call: SeenCall, address: CallAddress): RecordedCall {
  const isQuery = address.operation.startsWith('graphql') && !isMutation(call.body)
  const isWrite = call.method !== 'GET' && !isQuery
  return { address, isWrite, status: 0, tellsMergeability: false, holdsTexts: false }
}

async function told(answer: Response): Promise<Pick<RecordedCall, 'tellsMergeability' | 'holdsTexts'>> {
  const text = await answer.clone().text()
  return { tellsMergeability: /"mergeable":/.test(text), holdsTexts: /"isTruncated":false/.test(text) }
}

function brokenConnection(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
}
