import type { QueryParameter } from './parameters.js';

export interface StatementEntry {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
  readonly jobId: string;
  /** The datasets that it names. */
  readonly datasets: readonly string[];
  kind?: string;
  partitions?: readonly string[] | 'all';
  totalBytesProcessed?: number;
  error?: string;
}

interface Asked {
  readonly query: string;
  readonly parameters: readonly QueryParameter[];
  readonly dryRun: boolean;
  readonly jobId: string;
  readonly defaultDatasetId: string | undefined;
}

const MOST = 10_000;

/** The statements that came in, in their order; the oldest of many are forgotten. */
export class StatementLog {
  #entries: StatementEntry[] = [];

  add({ query, parameters, dryRun, jobId, defaultDatasetId }: Asked): StatementEntry {
    const named = datasetsIn(query);
    const datasets = named.length === 0 && defaultDatasetId !== undefined ? [defaultDatasetId] : named;
    const values = Object.fromEntries(parameters.map((one) => [one.name ?? '', plain(one.parameterValue)]));
    const entry: StatementEntry = { sql: query, parameters: values, dryRun, jobId, datasets };
    this.#entries.push(entry);
    if (this.#entries.length > MOST) this.#entries.shift();
    return entry;
  }

  of(dataset: string | undefined): readonly StatementEntry[] {
    return this.#entries.filter(({ datasets }) => dataset === undefined || datasets.includes(dataset));
  }

  clear(dataset: string | undefined): void {
    const gone = new Set(this.of(dataset));
    this.#entries = this.#entries.filter((entry) => !gone.has(entry));
  }
}

/** The datasets of tables that a text names whole, in backticks. */
export function datasetsIn(sql: string): readonly string[] {
  const found = sql.matchAll(/`[^`.]+`?\.`?([^`.]+)`?\.`?[^`]+`/g);
  return [...new Set([...found].map(([, dataset = '']) => dataset))];
}

function plain(value: QueryParameter['parameterValue']): unknown {
  if (value?.arrayValues) return value.arrayValues.map(plain);
  if (value?.structValues) {
    return Object.fromEntries(Object.entries(value.structValues).map(([name, one]) => [name, plain(one)]));
  }
  return value?.value ?? null;
}
