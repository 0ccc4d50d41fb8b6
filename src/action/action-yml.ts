import { dump } from 'js-yaml'
import type { ActionCommand } from './action-command.ts'
import { actionInputs } from './action-inputs.ts'
import { ACTION_OUTPUTS } from './action-outputs.ts'
import { workflowExpression } from './workflow-expression.ts'

/** The one action of others that is used, by commit. */
const SETUP_NODE = 'actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020'
const ITS_VERSION = 'v4.4.0'
const NODE = 24

const FIND_NODE = `if node -e 'process.exit(process.versions.node.split(".")[0] < ${NODE} ? 1 : 0)' 2>/dev/null
then echo found=true >> "$GITHUB_OUTPUT"
else echo found=false >> "$GITHUB_OUTPUT"
fi`

/** `action/action.yml`: inputs and outputs of all commands, and the steps that run them. */
export function actionYml(commands: readonly ActionCommand[]): string {
  const action = {
    name: 'Weighbridge',
    description: 'Weighs machine-learning models before they reach production, and registers those that were trained.',
    branding: { icon: 'bar-chart-2', color: 'blue' },
    inputs: Object.fromEntries(actionInputs(commands).map(inputOf)),
    outputs: Object.fromEntries(
      Object.entries(ACTION_OUTPUTS).map(([name, description]) => [
        name,
        { description, value: workflowExpression(`steps.weighbridge.outputs.${name}`) },
      ]),
    ),
    runs: { using: 'composite', steps: stepsOf(commands) },
  }
  const head = '# Written by `npm run docs` from src/action; a test notices when the two differ.\n'
  return head + dump(action, { lineWidth: 120, noRefs: true }).replace(SETUP_NODE, `${SETUP_NODE} # ${ITS_VERSION}`)
}

function inputOf({ name, about, required, ...input }: ReturnType<typeof actionInputs>[number]) {
  const standard = input.default === null ? {} : { default: input.default }
  return [name, { description: about, required, ...standard }] as const
}

/** What inputs say reaches programs through their environment only: no script is made of it. */
function stepsOf(commands: readonly ActionCommand[]): readonly object[] {
  const native = commands.filter((one) => one.needsNative).map((one) => one.name)
  return [
    { id: 'node', shell: 'bash', run: FIND_NODE },
    {
      if: "steps.node.outputs.found != 'true'",
      uses: SETUP_NODE,
      with: { 'node-version': NODE },
    },
    {
      shell: 'bash',
      env: {
        WEIGHBRIDGE_COMMAND: workflowExpression('inputs.command'),
        WEIGHBRIDGE_NATIVE: workflowExpression('inputs.native'),
        WEIGHBRIDGE_NEED_NATIVE: native.join(' '),
      },
      run: 'node "$GITHUB_ACTION_PATH/install.js"',
    },
    {
      id: 'weighbridge',
      shell: 'bash',
      env: { WEIGHBRIDGE_INPUTS: workflowExpression('toJSON(inputs)') },
      run: 'node "$GITHUB_ACTION_PATH/../src/launch.js" --action',
    },
  ]
}
