import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExamTerms, Subject } from '../../src/gates/evidence.ts'
import { readExam } from '../../src/jobs/exam.ts'
import type { Job } from '../../src/jobs/job.ts'
import { estimateQuality } from '../../src/jobs/measure/estimated-quality.ts'
import { scoresFromPredictions } from '../../src/jobs/scores-from-predictions.ts'
import type { TableSource } from '../../src/ports.ts'
import { refusal, type ScratchTables, scratchTables } from '../adapters/tables/scratch-tables.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables()
})
afterAll(() => world.close())

let files = 0
/** A CSV file of n rows, from a function of the row. */
function written(header: string, rows: number, row: (at: number) => readonly (string | number)[]): TableSource {
  const lines = Array.from({ length: rows }, (_, at) => row(at).join(','))
  return world.file(`words-${files++}.csv`, `${[header, ...lines].join('\n')}\n`)
}

/** 0 to 1, the same in every run. */
const chance = (at: number) => ((at * 7919) % 101) / 101

test('a predicted word that no label says is no quiet no: an estimate without labels refuses it, and a version known by its predictions', async () => {
  const said = (word: string) =>
    written('id,label,score,prediction', 40, (at) => [at, at % 2, chance(at), at === 7 ? word : at % 2])
  const [labelled, odd] = [said('1'), said('maybe')]
  const terms = {
    task: 'binary',
    label: { name: 'label', positive: 1 },
    columns: { id: 'id' },
  } as unknown as ExamTerms
  const exam = await readExam(world.tables, labelled, terms, { where: [], across: [] })
  const subject = { model: 'm', version: '1.0.0', threshold: 0.5, predictions: { uri: 'file:p.csv', id: 'id' } }

  const estimated = {
    tables: world.tables,
    task: 'binary',
    label: 'label',
    score: 'score',
    prediction: 'prediction',
  } as const
  const bare = written('id,prediction', 40, (at) => [at, at === 7 ? 'maybe' : at % 2])
  const job = { tables: world.tables, files: { table: async () => bare } } as unknown as Job
  const refused = [
    await refusal(estimateQuality({ ...estimated, calibration: labelled, window: odd })),
    await refusal(estimateQuality({ ...estimated, calibration: odd, window: labelled })),
    await refusal(scoresFromPredictions(job, terms, exam, subject as unknown as Subject)),
  ]

  for (const message of refused)
    expect(message).toMatch(/prediction of .* answers maybe, label of .* says (0, 1|1, 0) -> /)
})
