import { readFile as readBytes } from 'node:fs/promises'
import { type FileReading, readFile } from '../../registry/file-kind.ts'
import { readSourceText } from '../../registry/source-text.ts'
import type { Scenario } from './scenario.ts'
import { scenarioKind } from './scenario-kind.ts'

/** A scenario file, or every mistake in it with its place. */
export async function readScenario(path: string): Promise<FileReading<Scenario>> {
  const source = readSourceText(path, await readBytes(path))
  return source.ok ? readFile(scenarioKind, path, source.text) : source
}
