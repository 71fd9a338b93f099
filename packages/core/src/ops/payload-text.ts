import type { JsonValue } from '../json-value.js';

/** Where the text of a payload that is an object may stand, the first that holds one. */
const TEXT_FIELDS = ['text', 'message'] as const;

/**
 * How the payload of a delivery reads for people and members: text as it is, of an object its `text`, else its `message`, where
 * that is text that is not blank; everything else as JSON on one line.
 */
export function payloadText(payload: JsonValue): string {
  if (typeof payload === 'string') return payload;
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) {
    const fields = payload as { readonly [field: string]: JsonValue };
    for (const field of TEXT_FIELDS) {
      const { [field]: text } = fields;
      if (typeof text === 'string' && text.trim() !== '') return text;
    }
  }
  return JSON.stringify(payload);
}
