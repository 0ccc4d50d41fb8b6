import { expect, test } from 'vitest'
import {
  configurationFile,
  findings,
  gate,
  LENIENT,
  manifestFile,
  manifestPath,
  openWorld,
  policyFile,
  recordPath,
  said,
  statuses,
  versionFiles,
  type World,
} from '../support/registry-world.ts'

const REGISTRY = { registry: { repository: 'acme/models', branch: 'main' } }

test('environments in one repository and models in another are weighed together, and the check names both', async () => {
  const [environments, models] = await twoRepositories()
  const head = await environments.opensPromotion('1.1.0')

  const check = await environments.check({ head, registryFolder: models.folder })

  expect(check.verdict.status).toBe('passed')
  expect(statuses(check)).toMatchObject({ integrity: 'passed', metrics: 'passed', manifest: 'passed' })
  expect(check.sources.map(({ of, repository }) => [of, repository])).toEqual([
    ['environments', 'this checkout'],
    ['registry', 'acme/models'],
    ['policy', 'this checkout'],
  ])
  expect(check.sources[1]?.sha).toBe((await models.git('rev-parse', 'main')).trim())
})

test('without the other repository at hand nothing is decided, and the check says how to give it', async () => {
  const [environments] = await twoRepositories()

  const check = await environments.check({ head: await environments.opensPromotion('1.1.0') })

  expect(check.verdict.status).toBe('inconclusive')
  expect(said(check)).toContain('models lie in acme/models, which is not at hand here')
  expect(said(check)).toContain('--registry DIR')
})

test('models are those of the branch that the configuration names, not of what is checked out', async () => {
  const [environments, models] = await twoRepositories()
  await models.git('switch', '--quiet', '--create', 'work')
  models.remove(recordPath('compas', '1.1.0'))
  await models.commit('a branch without 1.1.0')

  const check = await environments.check({
    head: await environments.opensPromotion('1.1.0'),
    registryFolder: models.folder,
  })

  expect(check.verdict.status).toBe('passed')
})

test('a version that is not in the registry cannot be brought along by the environments', async () => {
  const [environments, models] = await twoRepositories()
  const own = versionFiles({ set: 'compas', version: '1.2.0', bytes: Buffer.from('x') })

  const check = await environments.check({
    head: await environments.opens('smuggle', ...own, manifestFile('compas', '1.2.0')),
    registryFolder: models.folder,
  })

  expect(check.verdict.status).toBe('failed')
  expect(said(check)).toContain(recordPath('compas', '1.2.0'))
})

test('a version that served before is a rollback, also where models lie elsewhere', async () => {
  const [environments, models] = await twoRepositories()
  await environments.serves('1.1.0')

  const check = await environments.check({
    head: await environments.opensPromotion('1.0.0'),
    registryFolder: models.folder,
  })

  expect(check.changes[0]?.kind).toBe('rollback')
  expect(gate(check, 'integrity').status).toBe('passed')
})

test('a registry that nobody asked for is said to be unused', async () => {
  const world = await openWorld()

  const check = await world.check({ head: await world.opensPromotion('1.1.0'), registryFolder: world.folder })

  expect(check.warnings).toMatchObject([{ code: 'registry_unused' }])
  expect(findings(check, 'registry')[0]?.status).toBe('passed')
})

async function twoRepositories(): Promise<readonly [environments: World, models: World]> {
  const models = await openWorld({ serves: null })
  const environments = await openWorld({ serves: null, versions: [] })
  environments.remove('models', '.weighbridge/store')
  await environments.commit('environments alone', configurationFile(REGISTRY), policyFile(LENIENT), {
    path: manifestPath('compas'),
    content: manifestFile('compas', '1.0.0').content,
  })
  return [environments, models]
}
