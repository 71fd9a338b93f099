import { createRpcHandler, type RpcHandlerOptions } from '../../src/rpc-handler.js';
import type { RpcError } from '../../src/rpc-message.js';
import { FakeRuntime } from './fake-runtime.js';

/** A handler over a runtime with one member, `lead`, and how to call it. */
export async function served(options: Partial<RpcHandlerOptions> = {}) {
  const mob = new FakeRuntime();
  await mob.roster.spawn({ identity: 'lead', profile: 'lead', labels: { team: 'a' } });
  mob.asked.length = 0;
  const rpc = createRpcHandler({ runtime: mob.runtime, ...options });
  const answer = async (method: string, params?: unknown) => {
    const response = await rpc.handle({ jsonrpc: '2.0', id: 1, method: `mobkit/${method}`, params });
    if (!response) throw new Error('no answer');
    return response;
  };
  return {
    mob,
    rpc,
    /** The result; fails for an error. */
    async call(method: string, params?: unknown): Promise<unknown> {
      const response = await answer(method, params);
      if ('error' in response) throw new Error(JSON.stringify(response.error));
      return response.result;
    },
    /** The error; fails for a result. */
    async fail(method: string, params?: unknown): Promise<RpcError> {
      const response = await answer(method, params);
      if ('error' in response) return response.error;
      throw new Error(JSON.stringify(response.result));
    },
  };
}
