import type { CapabilityCard, ChapterCard } from './capability-card.js';

const MARKS = { passed: 'passed', failed: 'FAILED', 'not applicable': '-' } as const;

/** A capability card for people. */
export function printCard({ store, supports, passed, contracts, errors }: CapabilityCard): string {
  const { durable, processes, cursor } = supports;
  const chapters = contracts.flatMap((one) => one.chapters);
  const count = (result: ChapterCard['result']) => chapters.filter((one) => one.result === result).length;
  const counts = `${count('passed')} chapters passed, ${count('failed')} failed, ${count('not applicable')} not applicable`;
  return [
    `${store}: ${passed ? 'conforms' : 'DOES NOT CONFORM'} (${counts})`,
    `supports: durable ${durable ? 'yes' : 'no'}, processes ${processes}, cursor ${cursor}`,
    ...contracts.flatMap((contract) => ['', contract.contract, ...contract.chapters.flatMap(linesOf)]),
    ...(errors.length > 0 ? ['', 'Outside of any test', ...errors.map((error) => `  ${indent(error)}`)] : []),
    '',
  ].join('\n');
}

function linesOf({ chapter, result, why, tests, failures }: ChapterCard): string[] {
  const about = why ?? `${tests} ${tests === 1 ? 'test' : 'tests'}`;
  return [
    `  ${chapter.padEnd(14)}${MARKS[result].padEnd(8)}${about}`,
    ...failures.map(({ test, message }) => `      ${test}\n        ${indent(message)}`),
  ];
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n        ');
}
