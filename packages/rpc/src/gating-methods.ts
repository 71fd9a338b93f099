import { parseAudit, parseDecide, parseEvaluate } from './gating-params.js';
import { expectPart } from './expect-part.js';
import type { Method } from './method.js';
import { noParams, parseParams } from './params.js';
import { onTheWire } from './wire-field.js';
import { toWireAuditEntry, toWireDecided, toWireEvaluation, toWirePending } from './wire-gating.js';

const evaluate: Method = async ({ runtime }, params) =>
  toWireEvaluation(await onTheWire(expectPart(runtime, 'gate').evaluate(parseEvaluate(params))));

const pending: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  return { pending: (await expectPart(runtime, 'gate').pending()).map(toWirePending) };
};

const decide: Method = async ({ runtime }, params) =>
  // Who calls is not known here yet: once callers are authenticated, their principal goes with it.
  toWireDecided(await onTheWire(expectPart(runtime, 'gate').decide(parseDecide(params))));

const audit: Method = async ({ runtime }, params) => ({
  entries: (await expectPart(runtime, 'gate').audit(parseAudit(params))).map(toWireAuditEntry),
});

export const gatingMethods: Readonly<Record<string, Method>> = {
  'mobkit/gating/evaluate': evaluate,
  'mobkit/gating/pending': pending,
  'mobkit/gating/decide': decide,
  'mobkit/gating/audit': audit,
};
