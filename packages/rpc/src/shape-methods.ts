import {
  agentDiscoverySpecsFromJson,
  desiredPeerEdges,
  type DesiredShape,
  type JsonValue,
  MobError,
} from '@mobkit/core';

import type { Method } from './method.js';
import { expectModules } from './module-methods.js';
import { type DesiredParams, desiredParams, noParams, parseParams, reconcileParams } from './params.js';
import { toWireEdges, toWirePlan, toWireRediscovered, toWireReport } from './wire-shape.js';

const plan: Method = async ({ runtime }, params) => {
  const given = parseParams(desiredParams, params);
  return toWirePlan(await runtime.shape.plan(desiredIn(given), dataIn(given)));
};

const reconcile: Method = async ({ runtime }, params) => {
  const { modules, expect_plan: expect, ...given } = parseParams(reconcileParams, params);
  if (modules) {
    const others = Object.values({ expect, ...given }).some((value) => value !== undefined);
    if (others) throw new MobError('MOB_REQUEST_INVALID', 'modules are reconciled alone', MODULES);
    expectModules(runtime.modules, modules, 'modules');
    return { accepted: true, reconciled_modules: modules, added: await runtime.reconcileModules(modules) };
  }
  const options = { ...dataIn(given), ...(expect !== undefined && { expect }) };
  return toWireReport(await runtime.shape.reconcile(desiredIn(given), options));
};

const reconcileEdges: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  return toWireEdges(await runtime.shape.reconcileEdges());
};

const rediscover: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  const report = await runtime.shape.rediscover();
  return report ? toWireRediscovered(report) : { status: 'no_discovery_configured' };
};

export const shapeMethods = {
  'mobkit/plan': plan,
  'mobkit/reconcile': reconcile,
  'mobkit/reconcile_edges': reconcileEdges,
  'mobkit/rediscover': rediscover,
};

const MODULES = { details: { field: 'modules' } };

function desiredIn({ members, edges }: DesiredParams): Partial<DesiredShape> {
  return {
    ...(members && { members: agentDiscoverySpecsFromJson(members, 'members') }),
    ...(edges && { edges: desiredPeerEdges(edges) }),
  };
}

function dataIn({ data }: DesiredParams): { readonly data?: JsonValue } {
  // It came as JSON.
  return data === undefined ? {} : { data: data as JsonValue };
}
