/** The body as text; undefined when it is larger, and then the rest is not read. @throws for a body that is cut, or no UTF-8. */
export async function readBody(response: Response, maxBytes: number): Promise<string | undefined> {
  const { body } = response;
  if (!body) return '';
  if (Number(response.headers.get('content-length')) > maxBytes) {
    await body.cancel();
    return undefined;
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  // Leaving the loop cancels what is left.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
