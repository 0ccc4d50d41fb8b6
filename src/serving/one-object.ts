import { type EnvironmentDocument, printPlace, type Stray } from './manifest.ts'

/**
 * Fails every document of a model that has two objects in an environment, and of an object that stands twice.
 *
 * Which of two the cluster keeps, or how requests split between them, is written nowhere.
 */
export function oneObjectEach(documents: readonly EnvironmentDocument[]): readonly EnvironmentDocument[] {
  const serving = documents.filter(({ target }) => target !== null)
  const models = groups(
    serving.filter(({ model }) => model !== null),
    ({ model }) => model!,
  )
  const objects = groups(serving, ({ kind, name }) => `${kind} ${name}`)
  return documents.map((document) => {
    if (document.target === null) return document
    const sameModel = document.model === null ? [document] : models.get(document.model)!
    if (sameModel.length > 1) {
      const what = `model ${document.model} has ${sameModel.length} objects here: ${places(sameModel)}`
      return { ...document, binding: 'unbound', what, mend: 'Keep one object of a model in an environment.' }
    }
    const sameObject = objects
      .get(`${document.kind} ${document.name}`)!
      .filter((other) => isSameObject(document, other))
    if (sameObject.length === 1) return document
    const what = `${document.kind} ${document.name} stands ${sameObject.length} times: ${places(sameObject)}`
    return { ...document, binding: 'unbound', what, mend: 'Keep one of them.' }
  })
}

/** Same kind and name, and no two namespaces that tell them apart. */
export function isSameObject(a: EnvironmentDocument, b: EnvironmentDocument): boolean {
  if (a.kind !== b.kind || a.name !== b.name || a.name === '') return a === b
  return a.namespace === b.namespace || a.namespace === null || b.namespace === null
}

/** Finds the same object among documents, without a look at each of them. */
export function sameObjectAmong(
  documents: readonly EnvironmentDocument[],
): (document: EnvironmentDocument) => EnvironmentDocument | undefined {
  const named = ({ kind, name }: EnvironmentDocument) => `${kind} ${name}`
  const known = groups(documents, named)
  return (document) => known.get(named(document))?.find((other) => isSameObject(document, other))
}

/**
 * Objects of base that the head gives to another model, which would inherit name, traffic and alerts without its exam.
 *
 * @param base, head  the same environment's documents before and after
 */
export function reusedNames(
  base: readonly EnvironmentDocument[],
  head: readonly EnvironmentDocument[],
): readonly Stray[] {
  const servedBefore = sameObjectAmong(base.filter(({ model }) => model !== null))
  return head.flatMap((document) => {
    const before = servedBefore(document)
    if (document.model === null || before === undefined || before.model === document.model) return []
    const what = `${document.kind} ${document.name} serves model ${before.model} and would serve ${document.model}: a model is judged by its own exam, under its own name`
    return [{ place: document.place, what, mend: `Give the object of ${document.model} a name of its own.` }]
  })
}

function groups<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(items, key)
}

function places(documents: readonly EnvironmentDocument[]): string {
  return documents.map(({ place }) => printPlace(place)).join(' and ')
}
