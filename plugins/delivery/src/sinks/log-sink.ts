import { type DeliverySink, payloadText } from '@mobkit/core/ops';

const LINE_BREAKS = /\s*[\n\v\f\r\u0085\u2028\u2029]\s*/g;

/**
 * Makes the sink `log`: writes each message as one line, its line breaks turned into spaces. Other control characters
 * stay as the agent wrote them: what shows the line on a terminal takes them out. A `write` that throws refuses the
 * message.
 */
export function createLogSink(write: (line: string) => void): DeliverySink {
  return {
    name: 'log',
    async deliver({ from = 'somebody', resolution: { recipient, channel }, payload }) {
      write(`${from} to ${recipient} (${channel}): ${payloadText(payload)}`.replace(LINE_BREAKS, ' '));
    },
  };
}
