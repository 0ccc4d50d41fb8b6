import { expect, test } from 'vitest'
import { ACTION_COMMANDS } from '../../src/action/action-commands.ts'
import { actionInputs } from '../../src/action/action-inputs.ts'
import { ACTION_OUTPUTS, COMMON_OUTPUTS } from '../../src/action/action-outputs.ts'
import { actionYml } from '../../src/action/action-yml.ts'
import { commandLine } from '../../src/action/command-line.ts'
import { OWN_INPUTS } from '../../src/action/own-inputs.ts'
import { readInputs } from '../../src/action/read-inputs.ts'
import { argumentsOf } from '../../src/action/run-command-line.ts'
import { readTemplate } from '../../src/world/github/actions/read-template.ts'

/** As a composite action gets them: every input, empty where the workflow says nothing. */
function given(inputs: Readonly<Record<string, string>>) {
  const all = Object.fromEntries(actionInputs(ACTION_COMMANDS).map(({ name }) => [name, '']))
  return JSON.stringify({ ...all, 'fail-on': 'undecided', token: 'ghs_secret', ...inputs })
}

const asked = (inputs: Readonly<Record<string, string>>) => readInputs(given(inputs), ACTION_COMMANDS)

test('inputs become the arguments of the same command line, hostile values included', () => {
  const spec = commandLine('fairness')
  const inputs = {
    command: 'fairness',
    data: '--json',
    label: ' y\n',
    across: 'sex\n\n sex,race \n',
    public: 'TRUE',
    where: 'a == "$(id)"',
  }

  expect(argumentsOf(spec, asked(inputs))).toEqual([
    '--data=--json',
    '--label=y',
    '--across=sex',
    '--across=sex,race',
    '--where=a == "$(id)"',
    '--public',
  ])
  expect(argumentsOf(commandLine('evaluate'), asked({ command: 'evaluate', subject: '--ref', repo: 'a b' }))).toEqual([
    '--repo=a b',
    '--',
    '--ref',
  ])
})

test('a wrong command, input or value is refused, with what was meant', () => {
  const problem = (inputs: Readonly<Record<string, string>>) => {
    try {
      return JSON.stringify(asked(inputs).name)
    } catch (error) {
      const { message, mend } = error as { message: string; mend: string }
      return `${message}. ${mend}`
    }
  }

  expect(problem({})).toContain('the input command is missing. Commands: check, evaluate')
  expect(problem({ command: 'chekc' })).toContain('there is no command "chekc". Did you mean check?')
  expect(problem({ command: 'check', slices: 'sex' })).toContain('command check: only metrics takes the input slices.')
  expect(problem({ command: 'check', 'markdown-': 'true' })).toContain('there is no input markdown-')
  expect(problem({ command: 'metrics', dta: 'x.csv' })).toContain('there is no input dta. Did you mean data?')
  expect(problem({ command: 'metrics' })).toContain('command metrics needs the input data.')
  expect(problem({ command: 'setup', native: 'yes' })).toContain('input native cannot be "yes". Write true or false.')
  expect(problem({ command: 'check', 'fail-on': 'heled' })).toContain('fail-on cannot be "heled". Did you mean held?')
  expect(problem({ command: 'register', model: 'a', artifact: 'b', reference: 'c', format: 'onxx' })).toContain('onnx')
  expect(() => readInputs('', ACTION_COMMANDS)).toThrow('the inputs cannot be read')
  expect(() => readInputs('{"command": 1}', ACTION_COMMANDS)).toThrow('the inputs cannot be read')
})

test('action.yml is sound by GitHub’s own schema, and makes no script of an input (S26)', () => {
  const text = actionYml(ACTION_COMMANDS)
  const { problems } = readTemplate('action', 'action.yml', text)

  expect(problems).toEqual([])
  const scripts = [...text.matchAll(/^ {6}run: (.+(?:\n {8}.+)*)/gm)].map(([, script = '']) => script)
  expect(scripts).toHaveLength(3)
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([])
  expect([...text.matchAll(/uses: (.+)/g)].map(([, uses]) => uses)).toEqual([
    expect.stringMatching(/^actions\/setup-node@[0-9a-f]{40} # v\d/),
  ])
})

test('every option of a command is an input, every output has a meaning, and no name of ours hides an option', () => {
  const options = (name: string) => Object.keys(commandLine(name).options)

  for (const name of ['evaluate', 'register', 'drift', 'fairness', 'metrics'])
    expect(Object.keys(ACTION_COMMANDS.find((one) => one.name === name)?.inputs ?? {})).toEqual(
      expect.arrayContaining(options(name)),
    )
  const inputs = ACTION_COMMANDS.flatMap((one) => Object.keys(one.inputs))
  expect(inputs.filter((name) => Object.hasOwn(OWN_INPUTS, name))).toEqual([])
  expect(inputs.filter((name) => !/^[a-z_][a-z0-9_-]*$/.test(name))).toEqual([])
  const outputs = [...COMMON_OUTPUTS, ...ACTION_COMMANDS.flatMap((one) => one.outputs)]
  expect([...new Set(outputs)].sort()).toEqual(Object.keys(ACTION_OUTPUTS).sort())
})
