import type { Content } from './content.js';

/** What one message may say: 1 Mi characters of text, of blocks as JSON. A picture that is larger goes by its `url`. */
export const MAX_CONTENT_CHARACTERS = 1024 * 1024;

const MEDIA_FIELDS = ['type', 'media_type', 'data', 'url'];

/**
 * One rule for every door: text that is not blank, or at least one block of text that is not blank or of a picture or a film,
 * within `MAX_CONTENT_CHARACTERS`.
 *
 * @throws TypeError naming the field, e.g. `content[1].media_type`.
 */
export function checkContent(name: string, content: unknown): asserts content is Content {
  if (typeof content === 'string') {
    checkSize(name, content.length);
    if (content.trim() === '') throw new TypeError(`${name} is blank`);
    return;
  }
  if (!Array.isArray(content)) throw new TypeError(`${name} is neither text nor a list of blocks`);
  for (const [at, block] of content.entries()) checkBlock(`${name}[${at}]`, block);
  checkSize(name, JSON.stringify(content).length);
  if (
    !(content as Exclude<Content, string>).some((block) => block.type !== 'text' || block.text.trim() !== '')
  )
    throw new TypeError(`${name} is blank`);
}

function checkSize(name: string, characters: number): void {
  if (characters <= MAX_CONTENT_CHARACTERS) return;
  throw new TypeError(`${name} is too long: ${characters} characters, ${MAX_CONTENT_CHARACTERS} at most`);
}

function checkBlock(name: string, block: unknown): void {
  if (!isObject(block)) throw new TypeError(`${name} is not a block: {type: "text", text} is one`);
  const { type } = block;
  if (type === 'text') {
    expectFields(name, block, ['type', 'text']);
    if (typeof block['text'] !== 'string') throw new TypeError(`${name}.text is not text`);
  } else if (type === 'image' || type === 'video') {
    expectFields(name, block, MEDIA_FIELDS);
    checkMedia(name, type, block);
  } else throw new TypeError(`${name}.type is not "text", "image" or "video"`);
}

function checkMedia(name: string, type: string, block: Readonly<Record<string, unknown>>): void {
  const { media_type: mediaType, data, url } = block;
  if (
    typeof mediaType !== 'string' ||
    !/^[a-z]+\/[\w.+-]{1,100}$/i.test(mediaType) ||
    !mediaType.startsWith(`${type}/`)
  )
    throw new TypeError(`${name}.media_type is not one of ${type}s, such as "${type}/…"`);
  if ((data === undefined) === (url === undefined)) {
    throw new TypeError(`${name} has to have either data or url`);
  }
  if (data !== undefined && !isBase64(data)) throw new TypeError(`${name}.data is not base64`);
  if (url !== undefined && !isWebAddress(url))
    throw new TypeError(`${name}.url is not an http or https address`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expectFields(
  name: string,
  block: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  const other = Object.keys(block).find((field) => !known.includes(field));
  if (other !== undefined) throw new TypeError(`${name}.${other} is not a field of such a block`);
}

function isBase64(data: unknown): boolean {
  return (
    typeof data === 'string' && data !== '' && data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data)
  );
}

function isWebAddress(url: unknown): boolean {
  return (
    typeof url === 'string' &&
    url.length <= 4096 &&
    URL.canParse(url) &&
    /^https?:$/.test(new URL(url).protocol)
  );
}
