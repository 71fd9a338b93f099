import type { UnifiedRuntime } from '@mobkit/runtime';

import { toRpcError } from './error-answers.js';
import { internalRow } from './error-table.js';
import { eventMethods } from './event-methods.js';
import { flowMethods } from './flow-methods.js';
import { labelMethods } from './label-methods.js';
import { lifecycleMethods } from './lifecycle-methods.js';
import { memberMethods } from './member-methods.js';
import type { Method, MethodContext } from './method.js';
import {
  failure,
  methodNotFound,
  parseError,
  readRequest,
  type RpcRequest,
  type RpcResponse,
  success,
} from './rpc-message.js';
import { isModuleCall, moduleCall, moduleMethods } from './module-methods.js';
import { routingMethods } from './routing-methods.js';
import { deliveryMethods } from './delivery-methods.js';
import { scheduleMethods } from './schedule-methods.js';
import { gatingMethods } from './gating-methods.js';
import { memoryMethods } from './memory-methods.js';
import { sessionMethods } from './session-methods.js';
import { sessionStoreMethods } from './session-store-methods.js';
import { shapeMethods } from './shape-methods.js';
import { statusMethods } from './status-methods.js';

/** What is called over RPC, and who is told of failures. */
export interface RpcHandlerOptions {
  readonly runtime: UnifiedRuntime;
  /** Told by `mobkit/status`. @defaultValue it is not told */
  readonly mobkitVersion?: string;
  /**
   * Told of failures that are this side's (-32603), such as errors nobody threw on purpose, whose cause the caller does not
   * learn; and of every failure of a notification. Must not throw. @defaultValue they are dropped
   */
  readonly onError?: (error: unknown) => void;
}

/** Answers JSON-RPC 2.0 requests over a runtime. Takes any number at a time; keeps nothing and needs no closing. */
export interface RpcHandler {
  /** Every method it serves. */
  readonly methods: readonly string[];

  /**
   * Answers one message, already parsed; undefined for a notification, once it was executed. Never rejects: every
   * failure is an error response with a stable `data.kind`.
   */
  handle(message: unknown): Promise<RpcResponse | undefined>;

  /** As `handle`, from JSON text to JSON text. */
  handleText(text: string): Promise<string | undefined>;
}

const methods: ReadonlyMap<string, Method> = new Map<string, Method>(
  Object.entries({
    ...statusMethods,
    ...memberMethods,
    ...lifecycleMethods,
    ...shapeMethods,
    ...flowMethods,
    ...labelMethods,
    ...eventMethods,
    ...moduleMethods,
    ...routingMethods,
    ...deliveryMethods,
    ...scheduleMethods,
    ...gatingMethods,
    ...memoryMethods,
    ...sessionMethods,
    ...sessionStoreMethods,
  }),
);

/** Serves a runtime's methods. */
export function createRpcHandler(options: RpcHandlerOptions): RpcHandler {
  const { runtime, mobkitVersion, onError = () => {} } = options;
  const names = [...methods.keys()];
  const context: MethodContext = { runtime, mobkitVersion, methods: names };

  async function execute({ id = null, method, params }: RpcRequest): Promise<RpcResponse> {
    const run = methods.get(method) ?? (isModuleCall(method) ? moduleCall(method) : undefined);
    if (!run) return failure(id, methodNotFound(method));
    try {
      return success(id, await run(context, params));
    } catch (error) {
      const told = toRpcError(error);
      if (told.code === internalRow.rpcCode) onError(error);
      return failure(id, told);
    }
  }

  async function handle(message: unknown): Promise<RpcResponse | undefined> {
    const request = readRequest(message);
    if ('jsonrpc' in request) return request;
    const response = await execute(request);
    if (request.id !== undefined) return response;
    if ('error' in response && response.error.code !== internalRow.rpcCode) {
      onError(new Error(`The notification ${request.method} failed: ${response.error.message}`));
    }
    return undefined;
  }

  return {
    methods: names,
    handle,
    async handleText(text) {
      const response = await handleParsed(text, handle);
      return response && toText(response, onError);
    },
  };
}

async function handleParsed(text: string, handle: RpcHandler['handle']): Promise<RpcResponse | undefined> {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return parseError();
  }
  return handle(message);
}

function toText(response: RpcResponse, onError: (error: unknown) => void): string {
  try {
    return JSON.stringify(response);
  } catch (error) {
    // Third parties put details on their errors.
    onError(error);
    return JSON.stringify(failure(response.id, toRpcError(error)));
  }
}
