import { MobError } from '@mobkit/core';

import type { Method } from './method.js';
import { noParams, parseParams, runFlowParams, runParams, runsParams } from './params.js';
import { toWireFlow, toWireRun } from './wire.js';

const listFlows: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  const { flows = {} } = runtime.mob.definition;
  const described = Object.entries(flows).map(([flowId, flow]) => toWireFlow(flowId, flow));
  return { flows: Object.keys(flows), details: described };
};

const runFlow: Method = async ({ runtime }, params) => {
  const { flow_id: flowId, params: given, provision = false } = parseParams(runFlowParams, params);
  try {
    return { run_id: await runtime.mob.runFlow(flowId, given, { provision }) };
  } catch (error) {
    // Too long, or too deep: plain JSON it is, as it came in a request.
    if (!(error instanceof TypeError)) throw error;
    throw new MobError('MOB_REQUEST_INVALID', error.message, { details: { field: 'params' } });
  }
};

const flowStatus: Method = async ({ runtime }, params) => {
  const run = await runtime.mob.flowRun(parseParams(runParams, params).run_id);
  return run ? toWireRun(run) : null;
};

const listRuns: Method = async ({ runtime }, params) => {
  const { flow_id: flowId, status, limit } = parseParams(runsParams, params);
  const runs = await runtime.mob.flowRuns({
    ...(flowId !== undefined && { flowId }),
    ...(status && { status }),
    ...(limit !== undefined && { limit }),
  });
  return { runs: runs.map(toWireRun) };
};

const cancelFlow: Method = async ({ runtime }, params) => {
  await runtime.mob.cancelFlow(parseParams(runParams, params).run_id);
  return { accepted: true };
};

export const flowMethods = {
  'mobkit/list_flows': listFlows,
  'mobkit/run_flow': runFlow,
  'mobkit/flow_status': flowStatus,
  'mobkit/list_runs': listRuns,
  'mobkit/cancel_flow': cancelFlow,
};
