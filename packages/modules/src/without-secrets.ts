/** Shorter ones are words that may stand anywhere. */
const SHORTEST_SECRET = 6;

/** Takes what a program was given in confidence out of a text. */
export function withoutSecrets(text: string, env: Readonly<Record<string, string>>): string {
  // Texts are told line by line, as those of a key file; the longest first, as one may begin with another.
  const secrets = Object.values(env)
    .flatMap((value) => [value, ...value.split(/\r?\n/)])
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.length - a.length);
  return secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);
}
