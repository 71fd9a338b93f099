import type { Requirement } from '../requirement.js';

/** Models of providers, and of servers that speak like one. */
export const modelsRequirements: readonly Requirement[] = [
  {
    id: 'models.stream',
    behaviour:
      'Thoughts, text, a tool call in pieces, usage with cached tokens and the stop reason of OpenAI, Anthropic, Google and compatible servers come as events.',
    fault: 'Tokens read from the cache were left out of the usage.',
  },
  {
    id: 'models.request',
    behaviour:
      'A request carries key, tools, limits and provider parameters to the provider, and nothing about who asks.',
    fault: 'Stop sequences were not passed on.',
  },
  {
    id: 'models.tool-loop',
    behaviour:
      'An answer with calls is sent back with its results and what its provider wants back, which no other provider gets.',
    fault: 'The state kept with a call was sent to any provider.',
  },
  {
    id: 'models.arguments',
    behaviour:
      'A call without arguments has an empty object; arguments that are no JSON stay text, and do not break the next request.',
    fault: 'Text arguments were sent back as they were.',
  },
  {
    id: 'models.stop-reason',
    behaviour: 'The end of an answer is told by its reason, an unknown one as the end of a turn.',
    fault: 'A reason nobody knows was taken for a cut answer.',
  },
  {
    id: 'models.failure-kind',
    behaviour:
      'A failure names its kind and whether to ask again, from status, code or message, before or in the stream; it is asked once.',
    fault: 'The codes of the answer were not read, only its status.',
  },
  {
    id: 'models.retry-after',
    behaviour: 'A retryable failure says how long the provider asks to wait, in all its forms.',
    fault: 'The seconds were looked at before the milliseconds.',
  },
  {
    id: 'models.cut',
    behaviour:
      'An answer that breaks off, ends without an end or cannot be read fails and may be tried again.',
    fault: 'A stream that ended without a reason ended the answer.',
  },
  {
    id: 'models.garbage-lines',
    behaviour: 'Lines that are no server-sent event are read over.',
    fault: 'Every part that is not known was an error.',
  },
  {
    id: 'models.endless',
    behaviour: 'An answer that grows beyond the bound ends with a failure that is not retried.',
    fault: 'The bytes of an answer were not counted.',
  },
  {
    id: 'models.inactive',
    behaviour: 'A silent answer is given up after its time, and the time its reader takes does not count.',
    fault: 'The timer ran on while the reader was at work.',
  },
  {
    id: 'models.abort',
    behaviour: 'Aborting a request, or reading no further, ends it and its connection at once.',
    fault: 'The connection was left open when the reader stopped.',
  },
  {
    id: 'models.no-keys',
    behaviour: 'No error holds the key or the prompt, not even when the server repeats them.',
    fault: 'The error of the SDK was kept as the cause.',
  },
  {
    id: 'models.missing-key',
    behaviour: 'A request without a key fails by the name of its variable, before anybody is asked.',
    fault: 'An empty key was sent.',
  },
  {
    id: 'models.names',
    behaviour:
      'A prefix picks the server, a known bare name its provider, with a date behind it or not; anything else is left alone.',
    fault: 'Dates behind a name were not taken off.',
  },
  {
    id: 'models.catalogue',
    behaviour: 'A catalogue of the host says who serves a name and how long its answers can be.',
    fault: 'More tokens were asked for than the model answers.',
  },
  {
    id: 'models.config',
    behaviour:
      'A server without a usable name or address is refused by its name; its key comes from the variable it names.',
    fault: 'A password in the address passed.',
  },
  {
    id: 'models.images',
    behaviour:
      'Images reach the provider as bytes, or as an address where it fetches them; nothing is fetched from here.',
    fault: 'Every address was passed on.',
  },
  {
    id: 'models.output-schema',
    behaviour: 'A provider that can hold to a schema is told of it, another is not.',
    fault: 'Every compatible server was told.',
  },
  {
    id: 'models.health',
    behaviour:
      'A health check asks for the list of models with the key, and fails like a request, within ten seconds.',
    fault: 'Any answer passed for health.',
  },
  {
    id: 'models.plugin',
    behaviour: 'The plugin contributes a provider for each server.',
    fault: 'Only configured servers were contributed.',
  },
  {
    id: 'models.unknown',
    behaviour: 'Opening a mob warns of a model that a provider only stands in for.',
    fault: 'Whether the provider knows the name was not asked.',
  },
  {
    id: 'models.app',
    behaviour:
      'A member whose model is a server of the config works with its tools through it, in the app people run.',
    fault: 'The scripted model was listed behind the providers.',
  },
  {
    id: 'models.app-key',
    behaviour: 'A key that is refused is in no output and no event of the app.',
    fault: 'The message of the server was told as it was.',
  },
  {
    id: 'models.app-unknown',
    behaviour: 'The offline model answers for a name nobody knows, and the start warns of it.',
    fault: 'The scripted model knew every name.',
  },
];
