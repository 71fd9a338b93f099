import type { AgentTool } from '@mobkit/core/mob';

import type { CommsDeps } from './comms-deps.js';
import { peersTool } from './peers-tool.js';
import { replyTool } from './reply-tool.js';
import { sendMessageTool, sendRequestTool, sendResponseTool } from './send-tools.js';

/** The tools by which members find and reach those they are wired to. */
export function commsTools(deps: CommsDeps): readonly AgentTool[] {
  const { send } = deps;
  return [
    peersTool(deps),
    sendMessageTool(send),
    replyTool(deps),
    sendRequestTool(send),
    sendResponseTool(send),
  ];
}
