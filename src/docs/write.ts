import { mkdir, writeFile } from 'node:fs/promises'
import { generatedFiles } from './generated-files.ts'

/** `npm run docs`: writes the generated parts of the README, and the JSON Schemas. */
for (const { path, url, content } of await generatedFiles()) {
  await mkdir(new URL('.', url), { recursive: true })
  await writeFile(url, content)
  console.log(path)
}
