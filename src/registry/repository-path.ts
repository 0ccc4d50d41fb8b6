/**
 * Whether a text is a plain path inside a folder: relative, no empty, `.` or `..` segment, no backslash, percent or
 * control character, no segment that a command would take for an option.
 */
export function isPlainPath(path: string): boolean {
  return path.length <= 512 && path.split('/').every(isPlainSegment)
}

function isPlainSegment(segment: string): boolean {
  return (
    segment !== '' && segment !== '.' && segment !== '..' && !segment.startsWith('-') && !/[\\%\p{Cc}]/u.test(segment)
  )
}

/** `deploy/staging`, also when it was written with slashes at its end. */
export function plainFolder(folder: string): string {
  return folder.replace(/\/+$/, '')
}

/** Whether a path is the folder itself or lies below it. */
export function liesIn(folder: string, path: string): boolean {
  const outer = plainFolder(folder)
  return path === outer || path.startsWith(`${outer}/`)
}
