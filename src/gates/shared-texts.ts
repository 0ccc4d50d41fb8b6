/**
 * Sentences of ours that may stand in a shared place, each with holes for what may be told: {name} is a name that the
 * repository itself spells (a URI, version, column or metric of the request), {count} a whole number, {percent} a
 * percentage, {digest} a sha256, {trouble} what a store answered, every other hole one of a few words. Any other text in evidence may quote a row, so it
 * is not shown.
 */
export const TELLABLE: readonly string[] = [
  // the store and the artifact
  '{name} is not there',
  '{name} does not exist',
  '{name} is not a regular file',
  'the bucket of {name} does not exist',
  '{name} cannot be reached: {trouble}',
  'the place where this app keeps evidence cannot be used',
  '{name} is larger than the limit of {count} bytes',
  'sha256 of {name} is {digest}, the registry says {digest}',
  'the digest of {name} is {digest}, the record says {digest}',
  '{name} has {count} bytes, the record says {count}',
  '{name} has {count} bytes, more than the limit of {count}',
  'it is a Git LFS pointer, not a model',
  'it is a DVC pointer, not a model',
  'the folder holds {count} .onnx files, and exactly one can be weighed',
  // what the operator of the app grants
  '{name} lies outside what the operator of this app grants the repository',
  '{name} is a file, and this app serves no files',
  'the operator of this app grants the repository nothing',
  'nothing is fetched for a pull request from a fork',
  // the exam and the answers
  '{name} holds no rows',
  '{name} has no label column "{name}"',
  'the label of {name} is text, a regression needs numbers',
  'the label of {name} has {count} values, a binary task has two',
  "predictions of {name} {name} can't be joined: model.yml names no id column",
  'predictions of {name} {name} have neither a score nor a prediction column',
  '{name} {name} names no units table',
  '{count} rows of the exam have no prediction of {name}',
  '{count} predictions of {name} are not finite numbers',
  '{count} of {count} {answers} are not finite numbers (NaN or infinite)',
  // the numbers
  'there are no rows',
  'there are no units',
  'no row has any weight',
  'no row is predicted positive',
  'there are no {class} rows',
  'one row has no spread',
  'a unit has no finite number',
  'a label is not a finite number',
  'a prediction is not a finite number',
  'a score is not a finite number',
  'a label is 0, and an error is no share of 0',
  'the label is constant: there is no variance to explain',
  'there is only one class, of the labels or of the predictions',
  'no row is positive, and none is predicted so',
  '{name} needs scores, and only predicted classes were given',
  'scores must be probabilities for {name}, and some lie outside 0 to 1',
  'there are {count} units; an interval needs {count}',
  'every resample gives the same number, so its spread cannot be seen',
  'no group has a predicted positive: the ratio is 0/0',
  'the privileged group has no predicted positive: there is no ratio to it',
  'the disparity of a version is 0/0',
  'fewer than two groups are large enough under both versions',
  // drift
  '{percent} of the rows are missing, before {percent}',
  '{percent} of the rows hold values that the reference never had',
  'was one value in every row, now it varies',
  'was one value in every row, now it is another',
  'is one value in every row, before it varied',
  'nearly every row has its own value: not compared',
  'no row of {window} has a value: not compared',
  'is to be read as a number and holds text: not compared',
  '{type} in the reference, {type} now',
  'stands in the reference, and the current window has no such column',
  'stands in the current window alone: nothing to compare it with',
  'a value of {percent} of the rows is now {percent}',
  '{percent} of the rows hold values that differ from known ones only in case or spaces',
  'has values in {window} that lie over a hundred ranges of the other window away, rows: {count}',
  '{count} rows: this score exceeds a fixed limit by chance; test: default does not',
  // importance
  'no column of the {version} has an importance that can be told from 0',
  // how to mend
  'Move the object below a granted prefix, or ask the operator of the app to grant its own.',
  'Ask the operator of the app to set WEIGHBRIDGE_FILE_ROOT, or keep it in a store.',
  'Ask the operator of the app to add the repository to WEIGHBRIDGE_OPERATOR.',
  'A maintainer pushes the branch to this repository and opens the pull request from there.',
  'Upload it, or record the URI where it lies.',
  'Raise the limit, or ship less.',
  'Restore the bytes that were recorded, or record the digest that is meant.',
  'Train again, or record the digest you meant to ship.',
  'Upload the whole file again, or record the size you meant to ship.',
  'Upload the file itself: `git lfs pull`, then register the version again.',
  'Upload the file itself: `dvc pull`, then register the version again.',
  'Name the label column in model.yml.',
  'Check task and label in model.yml.',
  'Give a table with rows.',
  'Check the name of the bucket.',
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role.',
  'Grant s3:GetObject and s3:ListBucket there, and check the keys.',
  'Set AWS_REGION to the region of the bucket.',
  'Weigh again; check the endpoint of the store.',
  'Ask the operator of this app to look at `evidence` of WEIGHBRIDGE_OPERATOR, then weigh again.',
  'Columns are id, prediction, score.',
  'Predict every row of the exam, each id once.',
  'Find out why the model answers nothing, NaN or infinity there.',
  'Find out why the model answers so there: missing values, an overflow, a division by zero?',
  'Export the model to ONNX, or record it as `format: opaque`.',
  'Export the model to ONNX again, or record it as `format: opaque`.',
  'Export the model again, or record the signature that callers will meet.',
]

/** What stands in place of a text that might quote the data. */
export const UNTOLD = 'the reason may quote the data, so it stands only where the data may be read'
export const UNTOLD_MEND = 'Weigh again where the data may be read: the local report says what to mend.'

/** `503 SlowDown`, or the word alone. */
const STATUS = '(?:\\d{3} )?[A-Za-z][A-Za-z0-9_]{0,63}'
const HOLES: Readonly<Record<string, string>> = {
  name: '(.{1,1100}?)',
  count: '\\d{1,12}',
  percent: '\\d{1,3}(?:\\.\\d)? %',
  digest: 'sha256:[0-9a-f]{64}',
  trouble: `(?:no AWS credentials were found|the store answered ${STATUS}(?:, and redirects are not followed)?|the store did not answer as it should \\(${STATUS}\\))`,
  type: '(?:number|category|boolean|time|nested)',
  answers: '(?:scores|predictions|labels)',
  class: '(?:positive|negative)',
  version: '(?:candidate|incumbent)',
  window: '(?:both windows|the reference|the current window)',
}
const LONGEST = 4000

const PATTERNS = TELLABLE.map(
  (sentence) =>
    new RegExp(
      `^${sentence
        .split(/(\{\w+\})/)
        .map(patternOf)
        .join('')}$`,
    ),
)

function patternOf(part: string): string {
  return HOLES[part.slice(1, -1)] ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/**
 * Whether a text is one of our own sentences about names that anybody who reads the repository knows.
 *
 * @param names  what {name} may stand for
 */
export function isTellable(text: string, names: ReadonlySet<string>): boolean {
  if (text.length > LONGEST) return false
  return PATTERNS.some((pattern) => {
    const found = pattern.exec(text)
    return found?.slice(1).every((name) => names.has(name)) ?? false
  })
}

/**
 * The text, or what stands in its place; both versions may speak, `candidate: there are no rows`, and one that was not
 * run says why, `churn 1.4.0 was not run: it is a Git LFS pointer, not a model`.
 */
export function told(text: string, names: ReadonlySet<string>, instead: string = UNTOLD): string {
  const [, arm = '', said = text] = /^((?:candidate|incumbent): )(.*)$/s.exec(text) ?? []
  const [, model = '', version = '', why = said] = /^(\S+) (\S+) was not run: (.*)$/s.exec(said) ?? []
  const areKnown = why === said || (names.has(model) && names.has(version))
  if (text === '' || (areKnown && isTellable(why, names))) return `${arm}${said}`
  return instead
}

/** A word that our own code writes into evidence: `label-disagrees`, `too_few_rows`. */
export function toldCode(code: string): string {
  return /^[a-z]+([-_][a-z]+){0,5}$/.test(code) && code.length <= 40 ? code : 'unknown'
}

const VALUES = new Set(['values', 'positive', 'classes', 'privileged', 'description', 'where'])

/** All texts of a request but the values of columns: names that the repository spells. */
export function namesIn(request: unknown): ReadonlySet<string> {
  const names = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value === 'string') names.add(value)
    else if (Array.isArray(value)) value.forEach(walk)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) if (!VALUES.has(key)) walk(inner)
    }
  }
  walk(request)
  return names
}
