/**
 * Makes the files of `published/` anew from the three packages in which GitHub's descriptions are published, given as
 * folders (of an unpacked package each):
 *
 *     node src/world/github/contract/vendor.ts <@octokit/openapi> <@octokit/openapi-webhooks> <@octokit/graphql-schema>
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { slimApi, slimWebhooks } from './slim-openapi.ts'

const OUT = join(import.meta.dirname, 'published')

const [openapi, webhooks, graphql] = process.argv.slice(2)
if (openapi === undefined || webhooks === undefined || graphql === undefined) {
  console.error('usage: vendor.ts <folder of openapi> <folder of openapi-webhooks> <folder of graphql-schema>')
  process.exit(2)
}

mkdirSync(OUT, { recursive: true })
write('api.github.com.json.gz', JSON.stringify(slimApi(json(openapi, 'api.github.com.json'))))
write('ghes-3.19.json.gz', JSON.stringify(slimApi(json(openapi, 'ghes-3.19.json'))))
write('webhooks.json.gz', JSON.stringify(slimWebhooks(json(webhooks, 'api.github.com.json'))))
write('schema.graphql.gz', readFileSync(join(graphql, 'schema.graphql'), 'utf8'))

function json(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'generated', file), 'utf8'))
}

function write(file: string, text: string): void {
  const packed = gzipSync(text, { level: 9 })
  writeFileSync(join(OUT, file), packed)
  console.info(`${file}: ${text.length} characters, ${packed.length} bytes packed`)
}
