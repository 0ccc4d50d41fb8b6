// Trains the demo's candidate: a logistic regression on the adult data, written as ONNX. Node and nothing else.
//
//   node training/train.mjs --request request.json --out out [--trial 3] [--resume checkpoint.json]
//
// The template for real repositories (`weighbridge init --example`) does the same with PyTorch. Seeded: the same data,
// parameters and seed give the same bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { logisticOnnx } from './logistic-onnx.mjs'

/** A number becomes one column for each of these that it lies above. */
const CUTS = {
  age: [22, 25, 28, 31, 34, 38, 42, 46, 50, 55, 60, 65],
  education_num: [7, 8, 9, 10, 11, 12, 13, 14, 15],
  capital_gain: [0, 3000, 5000, 7000, 10_000, 15_000],
  capital_loss: [0, 1500, 1800, 1950, 2200, 2400],
  hours_per_week: [20, 30, 35, 39, 40, 44, 49, 54, 60],
}
const NUMBERS = Object.keys(CUTS)
const CATEGORIES = ['workclass', 'marital_status', 'occupation', 'relationship', 'race', 'sex']
/** `reweigh`: 0 takes the rows as they are, 1 makes sex and label independent in them (Kamiran and Calders, 2012). */
const DEFAULTS = { learning_rate: 0.2, epochs: 20, l2: 0.00001, reweigh: 0.9 }

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: 'data/adult-train.csv' },
    request: { type: 'string' },
    trial: { type: 'string' },
    resume: { type: 'string' },
    out: { type: 'string', default: 'out' },
  },
})
const request = options.request === undefined ? {} : JSON.parse(readFileSync(options.request, 'utf8'))
const asked =
  options.trial === undefined ? request : request.trials.find(({ trial }) => trial === Number(options.trial))
const parameters = { ...DEFAULTS, ...asked.parameters }
const seed = asked.seed ?? 7

const rows = readCsv(options.data)
const fit = rows.filter((row) => Number(row.row_id) % 5 !== 0)
const heldOut = rows.filter((row) => Number(row.row_id) % 5 === 0)
const categories = CATEGORIES.map((name) => ({ name, values: valuesOf(fit, name) }))
const started = performance.now()
const weights = train(fit.map(encode), fit.map(isPositive), fit.map(shareOf(fit)))
const seconds = (performance.now() - started) / 1000

mkdirSync(options.out, { recursive: true })
const scores = heldOut.map((row) => Math.fround(sigmoid(margin(encode(row), weights))))
const numbers = Object.entries(CUTS).map(([name, cuts]) => ({ name, cuts }))
write('model.onnx', logisticOnnx({ numbers, categories, weights }))
write('validation.csv', csvText(['row_id', ...NUMBERS, ...CATEGORIES, 'label'], heldOut))
write('predictions.csv', csvText(['row_id', 'prediction', 'score'], heldOut.map(predictionOf)))
write('checkpoint.json', JSON.stringify({ epochs: parameters.epochs, weights: [...weights] }))
const metrics = measured(heldOut.map(isPositive), scores)
const about = {
  parameters,
  seed,
  validation: { rows: heldOut.length, metrics },
  compute: { gpu: null, gpu_seconds: 0 },
}
write('metrics.json', `${JSON.stringify(about, null, 2)}\n`)
console.log(`trained on ${fit.length} rows in ${seconds.toFixed(2)} s: ${JSON.stringify(metrics)}`)

/** Mini-batches of 32 in a seeded order, a step against the gradient of the log loss after each. */
function train(inputs, labels, shares) {
  const { weights, epoch: first } = startWeights(inputs[0].length)
  for (let epoch = first; epoch < parameters.epochs; epoch++) {
    const order = shuffled(inputs.length, seed * 100_003 + epoch)
    const step = parameters.learning_rate / Math.sqrt(1 + epoch)
    for (let start = 0; start < order.length; start += 32) descend(order.subarray(start, start + 32), step)
    if ((epoch + 1) % 5 === 0) console.log(`epoch ${epoch + 1}/${parameters.epochs}`)
  }
  return weights

  function descend(batch, step) {
    const gradient = new Float64Array(weights.length)
    for (const index of batch) {
      const input = inputs[index]
      const error = shares[index] * (sigmoid(margin(input, weights)) - labels[index])
      for (let column = 0; column < input.length; column++) gradient[column] += error * input[column]
      gradient[weights.length - 1] += error
    }
    for (let column = 0; column < weights.length; column++) {
      const decay = column === weights.length - 1 ? 0 : parameters.l2 * weights[column]
      weights[column] -= step * (gradient[column] / batch.length + decay)
    }
  }
}

/** One weight a column and the intercept; of a checkpoint, those that it holds and the epoch that comes next. */
function startWeights(columns) {
  if (options.resume === undefined) return { weights: new Float64Array(columns + 1), epoch: 0 }
  const { weights, epochs } = JSON.parse(readFileSync(options.resume, 'utf8'))
  return { weights: Float64Array.from(weights), epoch: Math.min(epochs, parameters.epochs) }
}

/** How much a row counts: rows of each sex and label as though the two had nothing to do with each other. */
function shareOf(rows) {
  const many = (is) => rows.filter(is).length
  const shares = new Map()
  for (const sex of valuesOf(rows, 'sex'))
    for (const label of ['0', '1']) {
      const expected = (many((row) => row.sex === sex) * many((row) => row.label === label)) / rows.length
      shares.set(`${sex} ${label}`, expected / many((row) => row.sex === sex && row.label === label))
    }
  return ({ sex, label }) => 1 - parameters.reweigh + parameters.reweigh * (shares.get(`${sex} ${label}`) ?? 1)
}

function valuesOf(rows, name) {
  return [...new Set(rows.map((row) => row[name]).filter((value) => value !== ''))].sort()
}

/** What the graph does with a row of a table: a column for each cut of each number, and for each value of each category. */
function encode(row) {
  const above = Object.entries(CUTS).flatMap(([name, cuts]) => cuts.map((cut) => Number(Number(row[name]) > cut)))
  const oneHot = categories.flatMap(({ name, values }) => values.map((value) => Number(row[name] === value)))
  return Uint8Array.from([...above, ...oneHot])
}

function margin(input, weights) {
  let sum = weights[weights.length - 1]
  for (let column = 0; column < input.length; column++) sum += input[column] * weights[column]
  return sum
}

function sigmoid(value) {
  return 1 / (1 + Math.exp(-value))
}

function isPositive(row) {
  return Number(row.label === '1')
}

function predictionOf(row, index) {
  return { row_id: row.row_id, prediction: Number(scores[index] > 0.5), score: scores[index] }
}

/** roc_auc by ranks, ties sharing theirs; log_loss; accuracy at 0.5. */
function measured(labels, scores) {
  const ranked = scores.map((score, index) => ({ score, label: labels[index] })).sort((a, b) => a.score - b.score)
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const negatives = labels.length - positives
  let rankSum = 0
  for (let start = 0; start < ranked.length; ) {
    let end = start
    while (end < ranked.length && ranked[end].score === ranked[start].score) end++
    for (let place = start; place < end; place++) rankSum += ranked[place].label * ((start + end + 1) / 2)
    start = end
  }
  const clipped = scores.map((score) => Math.min(1 - 1e-15, Math.max(1e-15, score)))
  const losses = clipped.map((score, index) => -Math.log(labels[index] === 1 ? score : 1 - score))
  return {
    roc_auc:
      positives * negatives === 0 ? null : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives),
    log_loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    accuracy: scores.filter((score, index) => Number(score > 0.5) === labels[index]).length / labels.length,
  }
}

/** A seeded order (Fisher and Yates, mulberry32). */
function shuffled(length, seed) {
  const order = Uint32Array.from({ length }, (_, index) => index)
  let state = seed >>> 0
  for (let last = length - 1; last > 0; last--) {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    const other = ((mixed ^ (mixed >>> 14)) >>> 0) % (last + 1)
    ;[order[last], order[other]] = [order[other], order[last]]
  }
  return order
}

/** The file that the registry wrote: no quotes, no commas in values. */
function readCsv(path) {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const columns = header.split(',')
  return lines.map((line) => {
    const values = line.split(',')
    return Object.fromEntries(columns.map((column, index) => [column, values[index]]))
  })
}

function csvText(columns, rows) {
  return `${[columns, ...rows.map((row) => columns.map((column) => row[column]))].map((line) => line.join(',')).join('\n')}\n`
}

function write(name, content) {
  writeFileSync(join(options.out, name), content)
}
