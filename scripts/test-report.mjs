import { readFileSync } from 'node:fs';

/**
 * What vitest's JSON report says.
 *
 * @typedef {object} TestReport
 * @property {number} passed
 * @property {number} failed tests that failed, and files that could not be run
 * @property {number} skipped tests that did not run: skipped and to do
 * @property {readonly string[]} passedTitles
 * @property {readonly string[]} skippedTitles
 */

/**
 * @param {string} file
 * @returns {TestReport}
 */
export function readTestReport(file) {
  /** @type {{ testResults: { name: string, status: string, assertionResults: { status: string, fullName: string }[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  /** @type {string[]} */
  const passedTitles = [];
  /** @type {string[]} */
  const skippedTitles = [];
  let failed = 0;
  for (const { status, assertionResults } of testResults) {
    const failedHere = assertionResults.filter((test) => test.status === 'failed').length;
    failed += status === 'failed' ? Math.max(failedHere, 1) : failedHere;
    for (const test of assertionResults) {
      if (test.status === 'passed') passedTitles.push(test.fullName);
      else if (test.status !== 'failed') skippedTitles.push(test.fullName);
    }
  }
  return { passed: passedTitles.length, failed, skipped: skippedTitles.length, passedTitles, skippedTitles };
}

/**
 * The line a run ends with.
 *
 * @param {Pick<TestReport, 'passed' | 'failed' | 'skipped'>} report
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
