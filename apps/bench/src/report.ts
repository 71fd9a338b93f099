import { cpus, totalmem } from 'node:os';

import { packageVersions } from './package-versions.js';
import { type Bench, type Measured, median } from './bench.js';

/** The result as one object, for machines. */
export function toJson(bench: Bench, { settings, samples, ratios = {} }: Measured) {
  const medians = Object.fromEntries(
    Object.entries(samples).map(([name, all]) => [name, round(median(all))]),
  );
  const rounded = Object.fromEntries(Object.entries(ratios).map(([name, value]) => [name, round(value)]));
  return {
    bench: bench.name,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memory_gb: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform}-${process.arch}`,
    },
    versions: { node: process.versions.node, ...packageVersions() },
    settings,
    medians,
    ratios: rounded,
    /** All of them by name, wherever a figure is from. */
    figures: { ...medians, ...rounded },
  };
}

/** The result as a table, for people. */
export function toTable(bench: Bench, { samples, ratios = {} }: Measured): string {
  const rows = [
    ['', 'median', 'least', 'most', 'samples'],
    ...Object.entries(samples).map(([name, all]) => {
      return [name, median(all), Math.min(...all), Math.max(...all), all.length].map(show);
    }),
    ...Object.entries(ratios).map(([name, value]) => [name, show(value), '', '', '']),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    ),
  );
  return [`${bench.name}: ${bench.about}`, ...lines.map((line) => line.join('  ').trimEnd())].join('\n');
}

function show(value: number | string): string {
  return typeof value === 'number' ? String(round(value)) : value;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
