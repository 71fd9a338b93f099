import type { Stretch, TimeZone } from './stretch.js';

const DAY_MS = 86_400_000;

/** No zone has changed its offset and changed it back within this time. */
const STEP_MS = 4 * DAY_MS;

/** Years of a zone that are kept; beyond it they are found again. */
const YEARS_KEPT = 128;

/** Dates end here, in both directions. */
const LAST_DATE_MS = 8_640_000_000_000_000;

/** There are only so many names. */
const found = new Map<string, TimeZone>();

/** A zone of the database that comes with Node; undefined when it has none of that name. */
export function findIanaZone(name: string): TimeZone | undefined {
  const known = found.get(name);
  if (known) return known;
  const format = isSpelled(name) ? formatOf(name) : undefined;
  if (!format) return undefined;
  const zone = new IanaZone(format);
  found.set(name, zone);
  return zone;
}

/** What the offset of a zone is in a year is asked once. */
class IanaZone implements TimeZone {
  readonly #format: Intl.DateTimeFormat;
  readonly #years = new Map<number, readonly Stretch[]>();

  constructor(format: Intl.DateTimeFormat) {
    this.#format = format;
  }

  stretchAt(utcMs: number): Stretch {
    const year = new Date(clamp(utcMs)).getUTCFullYear();
    let stretches = this.#years.get(year);
    if (!stretches) {
      if (this.#years.size >= YEARS_KEPT) this.#years.clear();
      stretches = this.#stretchesOf(year);
      this.#years.set(year, stretches);
    }
    return stretches.find(({ untilMs }) => utcMs < untilMs) ?? (stretches.at(-1) as Stretch);
  }

  #stretchesOf(year: number): readonly Stretch[] {
    const stretches: Stretch[] = [];
    const endMs = clamp(Date.UTC(year + 1));
    let fromMs = clamp(Date.UTC(year));
    let offsetMs = this.#offsetAt(fromMs);
    for (let checkedMs = fromMs; checkedMs < endMs;) {
      const nextMs = Math.min(checkedMs + STEP_MS, endMs - 1);
      const nextOffsetMs = this.#offsetAt(nextMs);
      if (nextOffsetMs !== offsetMs) {
        const changeMs = this.#changeBetween(checkedMs, nextMs, offsetMs);
        stretches.push({ fromMs, untilMs: changeMs, offsetMs });
        fromMs = changeMs;
        offsetMs = nextOffsetMs;
      }
      checkedMs = nextMs === endMs - 1 ? endMs : nextMs;
    }
    stretches.push({ fromMs, untilMs: endMs, offsetMs });
    return stretches;
  }

  /** When the offset stops to be what it is at `lowMs`. */
  #changeBetween(lowMs: number, highMs: number, offsetMs: number): number {
    let [low, high] = [lowMs, highMs];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offsetAt(middle) === offsetMs) low = middle;
      else high = middle;
    }
    return high;
  }

  #offsetAt(utcMs: number): number {
    const shown: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(utcMs)) shown[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utcMs / 1000) * 1000;
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

/** `Intl` takes names in any case. Of its aliases it does not tell the spelling: their parts begin with a capital letter. */
function isSpelled(name: string): boolean {
  const spelled = spellings().get(name.toLowerCase());
  return spelled === undefined ? /^[A-Z][\w+-]*(?:\/[A-Z0-9][\w+-]*)*$/.test(name) : spelled === name;
}

let byLowerCase: ReadonlyMap<string, string> | undefined;

function spellings(): ReadonlyMap<string, string> {
  byLowerCase ??= new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]));
  return byLowerCase;
}

function clamp(utcMs: number): number {
  if (Number.isNaN(utcMs)) return LAST_DATE_MS;
  return Math.min(Math.max(utcMs, -LAST_DATE_MS), LAST_DATE_MS);
}
