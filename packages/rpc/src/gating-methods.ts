import { MobError } from '@mobkit/core';
import type { Gate } from '@mobkit/core/ops';
import type { UnifiedRuntime } from '@mobkit/runtime';

import { parseAudit, parseDecide, parseEvaluate } from './gating-params.js';
import type { Method } from './method.js';
import { noParams, parseParams } from './params.js';
import { onTheWire } from './wire-field.js';
import { toWireAuditEntry, toWireDecided, toWireEvaluation, toWirePending } from './wire-gating.js';

const evaluate: Method = async ({ runtime }, params) =>
  toWireEvaluation(await onTheWire(gateOf(runtime).evaluate(parseEvaluate(params))));

const pending: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  return { pending: (await gateOf(runtime).pending()).map(toWirePending) };
};

const decide: Method = async ({ runtime }, params) =>
  // Who calls is not known here yet: once callers are authenticated, their principal goes with it.
  toWireDecided(await onTheWire(gateOf(runtime).decide(parseDecide(params))));

const audit: Method = async ({ runtime }, params) => ({
  entries: (await gateOf(runtime).audit(parseAudit(params))).map(toWireAuditEntry),
});

export const gatingMethods: Readonly<Record<string, Method>> = {
  'mobkit/gating/evaluate': evaluate,
  'mobkit/gating/pending': pending,
  'mobkit/gating/decide': decide,
  'mobkit/gating/audit': audit,
};

function gateOf({ gate }: UnifiedRuntime): Gate {
  if (gate) return gate;
  throw new MobError('MOB_CONFIG_INVALID', 'This runtime has no gate', { details: { part: 'gate' } });
}
