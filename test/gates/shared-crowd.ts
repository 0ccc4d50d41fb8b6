import type { FactsOf, FairnessRequest } from '../../src/gates/evidence.ts'
import { measureFairness } from '../../src/measuring/fairness.ts'
import type { ExamRows, Scored } from '../../src/measuring/scored.ts'
import type { Column } from '../../src/ports.ts'
import { outputs } from './measuring-world.ts'

/** So many rows of each kind of person, each with a label and two answers drawn from a small generator. */
export interface Person {
  readonly values: Readonly<Record<string, string | null>>
  readonly rows: number
}

/** Fairness evidence of real measuring over a crowd, as the request asks for it. */
export function crowdFacts(crowd: readonly Person[], seed: number) {
  const people = crowd.flatMap(({ values, rows }) => Array.from({ length: rows }, () => values))
  const draw = generator(seed)
  const label = Float64Array.from(people, () => (draw() < 0.4 ? 1 : 0))
  const answers = (version: string): Scored => ({
    score: null,
    prediction: Float64Array.from(label, (truth) => (draw() < 0.8 ? truth : 1 - truth)),
    facts: outputs(version, { rows: people.length }),
  })
  const exam: ExamRows = { task: 'binary', rows: people.length, label, unit: null, weight: null }
  const [candidate, incumbent] = [answers('1.4.0'), answers('1.3.0')]
  return (request: FairnessRequest): FactsOf['fairness'] =>
    measureFairness({ exam, candidate, incumbent, columns: columnsOf(people) }, request.measures)
}

function columnsOf(people: readonly Person['values'][]): ReadonlyMap<string, Column> {
  const names = Object.keys(people[0] ?? {})
  return new Map(
    names.map((name) => {
      const values = [...new Set(people.flatMap((person) => person[name] ?? []))]
      const codes = Int32Array.from(people, (person) => values.indexOf(person[name] ?? '\0'))
      return [name, { type: 'category', values, codes }]
    }),
  )
}

/** Park and Miller: enough chance for a test, the same in every run. */
function generator(seed: number): () => number {
  let state = (seed % 2147483646) + 1
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}
