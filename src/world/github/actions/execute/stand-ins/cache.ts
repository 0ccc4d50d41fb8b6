import { refuse } from '../run-script.ts'
import { done, type StandIn } from './stand-in.ts'

/** Never has anything: a job must be right without its cache. */
export const cache: StandIn = async ({ room, inputs }) => {
  room.log.write(`Cache not found for input keys: ${inputs.key ?? ''}`)
  if (inputs['fail-on-cache-miss'] === 'true')
    return refuse(room, `Failed to restore cache entry. Exiting as fail-on-cache-miss is set. Input key: ${inputs.key}`)
  return done({ 'cache-hit': '' })
}

export const cacheSave: StandIn = async ({ room }) => {
  room.log.write('This world keeps no cache.')
  return done()
}
