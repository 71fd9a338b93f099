import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';

import type { CapabilityCard, CardPlan, ChapterCard } from './capability-card.js';

/** Collects capability cards from a run of the suite, and tells of each chapter as it ends. */
export class CardReporter implements Reporter {
  readonly #tell: (line: string) => void;
  #module: TestModule | undefined;
  #errors: readonly SerializedError[] = [];

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  onTestSuiteResult(suite: TestSuite): void {
    if (suite.parent.type === 'suite') this.#tell(`${suite.ok() ? 'passed' : 'FAILED'}  ${suite.fullName}`);
  }

  onUserConsoleLog({ content }: { readonly content: string }): void {
    this.#tell(content.trimEnd());
  }

  onTestRunEnd([module]: readonly TestModule[], errors: readonly SerializedError[]): void {
    this.#module = module;
    this.#errors = errors;
  }

  /** @throws Error with a sentence when the suite could not begin. */
  cards(): CapabilityCard[] {
    const tests = this.#module ? [...this.#module.children.allTests()] : [];
    const plans = tests.map((test) => test.meta().conformancePlans).find((one) => one !== undefined);
    const errors = [...(this.#module?.errors() ?? []), ...this.#errors].map(({ message }) => message);
    if (!plans) throw new Error(errors[0] ?? 'The tests did not begin');
    return plans.map(({ store, supports, contracts: planned }) => {
      const contracts = planned.map(({ contract, chapters }) => {
        const suite = `${contract} contract: ${store}`;
        return {
          contract,
          chapters: chapters.map((chapter) => chapterCard(chapter, testsOf(tests, suite, chapter.chapter))),
        };
      });
      const failed = contracts.some(({ chapters }) => chapters.some(({ result }) => result === 'failed'));
      return { store, supports, passed: !failed && errors.length === 0, contracts, errors };
    });
  }
}

function testsOf(tests: readonly TestCase[], suite: string, chapter: string): readonly TestCase[] {
  return tests.filter(({ parent }) => {
    if (parent.type !== 'suite' || parent.parent.type !== 'suite') return false;
    return parent.name === chapter && parent.parent.name === suite;
  });
}

type PlannedChapter = CardPlan['contracts'][number]['chapters'][number];

function chapterCard({ chapter, why }: PlannedChapter, tests: readonly TestCase[]): ChapterCard {
  if (why !== undefined) return { chapter, result: 'not applicable', why, tests: 0, failures: [] };
  const skipped = tests.map((test) => test.result()).find(({ state }) => state === 'skipped');
  const run = tests.filter((test) => test.result().state !== 'skipped');
  if (run.length === 0 && skipped) {
    const note = 'note' in skipped ? skipped.note : undefined;
    return { chapter, result: 'not applicable', why: note ?? 'it was skipped', tests: 0, failures: [] };
  }
  // One that is still pending was under way when its process ended.
  const failures = run.filter((test) => test.result().state !== 'passed').map(failureOf);
  const result = failures.length > 0 || run.length === 0 ? 'failed' : 'passed';
  return { chapter, result, tests: run.length, failures };
}

function failureOf(test: TestCase): ChapterCard['failures'][number] {
  const [error] = test.result().errors ?? [];
  return { test: test.name, message: error?.message ?? 'It did not come to its end' };
}
