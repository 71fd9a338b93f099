import type { GateParts } from '@mobkit/contract-kit';
import type { Storage, StorageWrite } from '@mobkit/core';
import type { ApprovalDecision, Gate, GateAuditEntry, GateRequest, ServiceHost } from '@mobkit/core/ops';

import { openGate } from '../../src/open.js';

/** Opens a gate that is broken in one way. */
export type Breaking = (parts: GateParts) => Promise<Gate>;

/** One that does some things in another way. */
export function doing(change: (sound: Gate, parts: GateParts) => Partial<Gate>): Breaking {
  return async (parts) => {
    const sound = await openGate(parts);
    return {
      tiers: sound.tiers,
      start: (host) => sound.start(host),
      stop: (options) => sound.stop(options),
      evaluate: (request) => sound.evaluate(request),
      pending: () => sound.pending(),
      decide: (decision, caller) => sound.decide(decision, caller),
      audit: (limit) => sound.audit(limit),
      admitCall: (call, options) => sound.admitCall(call, options),
      settle: (callKey) => sound.settle(callKey),
      ...change(sound, parts),
    };
  };
}

/** One that is given something else. */
export function given(change: (parts: GateParts) => Partial<GateParts>): Breaking {
  return (parts) => openGate({ ...parts, ...change(parts) });
}

/** One that hears other requests. */
export function asked(change: (request: GateRequest) => GateRequest): Breaking {
  return doing((sound) => ({ evaluate: (request) => sound.evaluate(change(request)) }));
}

/** One that hears other decisions, maybe of nobody who is known. */
export function decided(change: (decision: ApprovalDecision) => ApprovalDecision, known = true): Breaking {
  return doing((sound) => ({
    decide: (decision, caller) => sound.decide(change(decision), known ? caller : undefined),
  }));
}

/** One that shows another audit. */
export function audited(change: (entry: GateAuditEntry) => readonly GateAuditEntry[]): Breaking {
  return doing((sound) => ({
    audit: async (limit) => (await sound.audit(10_000)).flatMap(change).slice(-limit),
  }));
}

/** One that tells in another way. */
export function telling(change: (tell: ServiceHost['tell']) => ServiceHost['tell']): Breaking {
  return doing((sound) => ({ start: (host) => sound.start({ ...host, tell: change(host.tell) }) }));
}

/** One that writes something else. */
export function writing(change: (write: StorageWrite, storage: Storage) => StorageWrite): Breaking {
  return given(({ storage }) => ({
    storage: {
      supports: storage.supports,
      prepare: (definitions) => storage.prepare(definitions),
      log: (definition, partition) => storage.log(definition, partition),
      contents: () => storage.contents(),
      records: (definition) => storage.records(definition),
      commit: (write) => storage.commit(change(write, storage)),
    },
  }));
}

/** Whatever is there is written over. */
export function unversioned(write: StorageWrite): StorageWrite {
  return {
    ...write,
    ...(write.puts && { puts: write.puts.map((put) => without(put, 'expectedVersion')) }),
    ...(write.deletes && { deletes: write.deletes.map((one) => without(one, 'expectedVersion')) }),
  };
}

export function without<T extends object, K extends keyof T>(value: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = value;
  return rest;
}
