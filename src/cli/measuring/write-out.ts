import { openS3Store } from '../../adapters/store/s3-store.ts'
import { isRemote, profileText, writeProfile } from '../../jobs/measure/profile-files.ts'
import type { ProfileDocument } from '../../profiles/profile-document.ts'
import type { CommandInput } from '../command.ts'
import { pathFrom } from '../parse.ts'
import { unwritable } from '../write-page.ts'

/**
 * Writes a profile where `--out` says, a file or an object of a bucket, if it does.
 *
 * @throws {InvalidCommand} when the file cannot be written; {Unavailable} when the object cannot
 */
export async function writeOut(input: CommandInput, document: ProfileDocument): Promise<void> {
  const called = input.text('out')
  if (called === undefined) return
  if (isRemote(called)) return openS3Store({}).put(called, Buffer.from(profileText(document)))
  try {
    await writeProfile(pathFrom(input.calledFrom, called), document)
  } catch (error) {
    throw unwritable('out', called, error)
  }
}
