import { type CrossCheck, type Say, sayRepeated } from './cross-check.ts'
import { compareCodePoints, filesDigest } from './files-digest.ts'
import type { VersionRecord } from './record.ts'
import { isPlainPath } from './repository-path.ts'

export const recordChecks: readonly CrossCheck<VersionRecord>[] = [
  { needs: ['files', 'artifact.digest'], check: checkFiles },
  { needs: ['version', 'parent'], check: checkParent },
  { needs: ['features'], check: checkFeatures },
  { needs: ['classes'], check: checkClasses },
  { needs: ['signature'], check: checkSignature },
]

/** The digest of a folder is only that of its list when the list is whole, sorted and of plain relative paths. */
function checkFiles({ files, artifact }: VersionRecord, say: Say): void {
  if (files === undefined) return
  files.forEach(({ path }, index) => {
    if (!isPlainPath(path)) {
      say(
        ['files', index, 'path'],
        `${path} is no plain relative path`,
        'Write it relative to artifact.uri, without ".." or "//".',
      )
    }
    const before = files[index - 1]?.path
    if (before === undefined || compareCodePoints(before, path) < 0) return
    const what = before === path ? `${path} stands here a second time` : `${path} stands after ${before}`
    say(['files', index, 'path'], what, 'Sort files by path, each once.')
  })
  const digest = filesDigest(files)
  if (artifact.digest === digest) return
  say(
    ['artifact', 'digest'],
    `is ${artifact.digest.slice(0, 19)}…, the sorted list of files has ${digest}`,
    'Record the digest of the list, or mend the list.',
  )
}

function checkParent({ version, parent }: VersionRecord, say: Say): void {
  if (parent === version)
    say(['parent'], 'a version cannot be its own parent', 'Name the version that it was made from.')
}

function checkFeatures({ features = [] }: VersionRecord, say: Say): void {
  sayRepeated(say, features, (index) => ['features', index], 'the feature')
}

function checkClasses({ classes = [] }: VersionRecord, say: Say): void {
  sayRepeated(say, classes.map(String), (index) => ['classes', index], 'the class')
}

function checkSignature({ signature }: VersionRecord, say: Say): void {
  if (signature === undefined) return
  const names = (side: 'inputs' | 'outputs') => signature[side].map(({ name }) => name)
  sayRepeated(say, names('inputs'), (index) => ['signature', 'inputs', index, 'name'], 'the input')
  sayRepeated(say, names('outputs'), (index) => ['signature', 'outputs', index, 'name'], 'the output')
}
