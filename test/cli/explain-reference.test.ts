import { expect, test } from 'vitest'
import { fixture } from '../support/fixtures.ts'
import { explainReference, openExplainer, type SetName, wordsOf } from './explain-world.ts'

/** Worst distance from the reference: scores are float32, of probabilities and of bike's 1 to 977. */
const SETS = [
  { set: 'compas', table: 'csv', label: 'label', within: 2e-7 },
  { set: 'elec2', table: 'parquet', label: 'label', within: 2e-7 },
  { set: 'adult', table: 'parquet', label: 'label', within: 2e-7 },
  { set: 'bike', table: 'parquet', label: 'cnt', within: 4e-4 },
] as const
const DEEP = process.env.WEIGHBRIDGE_DEEP !== undefined

/** Every model when there is time; else one of each set, trees and linear ones among them. */
function versionsOf(set: SetName): readonly string[] {
  const known = Object.keys(explainReference(set))
  return DEEP ? known : [set === 'compas' ? known.at(-1)! : known[0]!]
}

for (const { set, table, label, within } of SETS)
  for (const version of versionsOf(set))
    test(`${set} ${version}: Shapley values are those of all coalitions, importance that of scikit-learn`, async () => {
      const reference = explainReference(set)[version]
      const { shapley, permutation_importance } = reference
      const explainer = openExplainer()
      const few = DEEP ? 20 : set === 'bike' ? 2 : 20
      const document = await explainer.explain(
        fixture(`${set}/models/${version}.onnx`),
        fixture(`${set}/evaluation.${table}`),
        {
          words: wordsOf(set),
          label,
          background: await explainer.rowsOf(`${set}/train.${table}`, shapley.background_row_ids, 'background'),
          rows: await explainer.rowsOf(`${set}/evaluation.${table}`, shapley.explained_row_ids.slice(0, few), 'rows'),
          repeats: DEEP || set === 'compas' || set === 'elec2' ? 20 : 6,
        },
      )

      const expected = shapley.probability ?? shapley.prediction
      expect(document.shapley).toMatchObject({ method: 'exact', background_rows: 100 })
      expect(Math.abs(document.shapley.base - expected.base_value)).toBeLessThan(within)
      for (const { row, score, values } of document.shapley.rows) {
        expect(Math.abs(score - expected.output[row])).toBeLessThan(within)
        shapley.features.forEach((name: string, at: number) => {
          expect(Math.abs(values[name]! - expected.values[row][at])).toBeLessThan(within)
        })
        const sum = Object.values(values).reduce((total, value) => total + value, 0)
        expect(Math.abs(sum - (score - document.shapley.base))).toBeLessThan(1e-6)
      }
      // the reference's tolerance is that of 20 repeats beside 20
      const fewer = Math.sqrt((1 / document.metric.repeats + 1 / 20) / (2 / 20))
      expect(document.metric).toMatchObject({ name: permutation_importance.score })
      expect(document.metric.baseline).toBeCloseTo(permutation_importance.baseline, 6)
      for (const { column, mean } of document.importance) {
        const { mean: theirs, tolerance } = permutation_importance.features[column]
        expect(Math.abs(mean! - theirs)).toBeLessThanOrEqual(tolerance * fewer)
      }
    })

test('of a linear model every value is w (x - mean of the background), to what float32 scores can say', async () => {
  const { linear_model, shapley } = explainReference('bike')['1.0.0']
  const explainer = openExplainer()
  const document = await explainer.explain(fixture('bike/models/1.0.0.onnx'), fixture('bike/evaluation.parquet'), {
    words: wordsOf('bike'),
    background: await explainer.rowsOf('bike/train.parquet', shapley.background_row_ids.slice(0, 8), 'background'),
    rows: await explainer.rowsOf('bike/evaluation.parquet', shapley.explained_row_ids.slice(0, 1), 'rows'),
  })
  const { columnsOf } = await import('../support/rows.ts')
  const train = await columnsOf('bike/train.parquet', ['row_id', ...shapley.features])
  const exam = await columnsOf('bike/evaluation.parquet', ['row_id', ...shapley.features])
  const place = exam.row_id!.indexOf(shapley.explained_row_ids[0])
  const places = shapley.background_row_ids.slice(0, 8).map((id: number) => train.row_id!.indexOf(id))

  shapley.features.forEach((name: string, at: number) => {
    const mean = places.reduce((sum: number, row: number) => sum + Number(train[name]![row]), 0) / 8
    const weight = linear_model.coef[at] / linear_model.std[at]
    const expected = weight * (Number(exam[name]![place]) - mean)
    expect(Math.abs(document.shapley.rows[0]!.values[name]! - expected)).toBeLessThan(5e-4)
  })
})
