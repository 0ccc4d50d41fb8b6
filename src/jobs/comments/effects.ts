import type { Command } from '../../commands/command.ts'
import { cancelEffect } from './cancel-effect.ts'
import type { Asking, CommentJob, Effect, EffectAnswer, Effects } from './comment-job.ts'
import { compareEffect } from './compare-effect.ts'
import { explainEffect } from './explain-effect.ts'
import { freezeEffect, unfreezeEffect } from './freeze-effect.ts'
import { helpEffect } from './help-effect.ts'
import { holdEffect, unholdEffect } from './hold-effect.ts'
import { promoteEffect } from './promote-effect.ts'
import { retireEffect } from './retire-effect.ts'
import { statusEffect } from './status-effect.ts'
import { trainEffect } from './train-effect.ts'
import { tuneEffect } from './tune-effect.ts'
import { waiveEffect } from './waive-effect.ts'
import { weighEffect } from './weigh-effect.ts'

/** Every command's effect. */
const EFFECTS: Effects = {
  help: helpEffect,
  status: statusEffect,
  train: trainEffect,
  tune: tuneEffect,
  cancel: cancelEffect,
  promote: promoteEffect,
  compare: compareEffect,
  weigh: weighEffect,
  explain: explainEffect,
  waive: waiveEffect,
  hold: holdEffect,
  unhold: unholdEffect,
  freeze: freezeEffect,
  unfreeze: unfreezeEffect,
  retire: retireEffect,
}

/** Does an authorised command. */
export function doCommand(job: CommentJob, command: Command, asking: Asking): Promise<EffectAnswer> {
  return (EFFECTS[command.name] as Effect)(job, command, asking)
}
