import type { Requirement } from '../requirement.js';

export const workspaceRequirements: readonly Requirement[] = [
  {
    id: 'workspace.install-once',
    behaviour: 'An install is skipped as long as the lockfile and every manifest are what they were.',
    fault: 'the manifests of the packages left out of the key',
  },
  {
    id: 'workspace.install-failed',
    behaviour:
      'A failed install passes on its exit code and is made again, whatever was installed before it.',
    fault: 'the stamp of the last success kept while installing',
  },
  {
    id: 'workspace.pnpm',
    behaviour: 'pnpm comes from npx unless the one on PATH has the version that package.json names.',
    fault: 'any pnpm on PATH taken',
  },
  {
    id: 'workspace.alone',
    behaviour: 'Two installs or builds of one directory take turns, and the second says that it waits.',
    fault: 'a waiter goes on when the name is taken',
  },
  {
    id: 'workspace.alone-killed',
    behaviour: 'A killed install or build leaves no lock behind: the next goes on at once.',
    fault: 'a lock file, created exclusively, instead of the socket',
  },
  {
    id: 'workspace.alone-work',
    behaviour: 'The lock is given back after a failure, and the result of the work is handed on.',
    fault: 'the lock given back after success only',
  },
  {
    id: 'workspace.start',
    behaviour: '`npm start -- …` runs `mobkit up …` and ends with its exit code.',
    fault: 'the arguments dropped',
  },
  {
    id: 'workspace.signal',
    behaviour: 'SIGTERM to `npm start` reaches the server, which ends in order with exit code 0.',
    fault: 'start without `exec`, so that the shell in between takes the signal',
  },
  {
    id: 'workspace.signal-once',
    behaviour:
      'One Ctrl-C stops the server in order, though it gets the signal from the terminal and from npm.',
    fault: 'the doubled signal not joined',
  },
  {
    id: 'workspace.signal-again',
    behaviour: 'A second Ctrl-C after 300 ms, and any other signal, counts by itself.',
    fault: 'the time compared with one signal for all names',
  },
  {
    id: 'workspace.exit-code',
    behaviour: 'A tool that fails or is interrupted ends the command with its code, or 128 and the signal.',
    fault: 'the exit code of an interrupted tool believed',
  },
  {
    id: 'workspace.npx',
    behaviour: '`npx mobkit` runs the app of this tree, says so when it is not built, and asks no registry.',
    fault: '`bin` removed from package.json',
  },
  {
    id: 'workspace.bench',
    behaviour: 'Installing and building leave stdout of a bench to its result.',
    fault: 'the output of the build on stdout',
  },
  {
    id: 'workspace.platform',
    behaviour: 'Windows, and Node before 20.19, are refused in one sentence.',
    fault: 'only the major version compared',
  },
  {
    id: 'workspace.closing-line',
    behaviour: 'The closing line counts what passed, failed (files that could not run too) and did not run.',
    fault: 'a file that could not run not counted',
  },
  {
    id: 'workspace.ci-skipped',
    behaviour: 'With CI set, a skipped test fails the run and is named.',
    fault: 'skipped tests judged without looking at CI',
  },
  {
    id: 'workspace.ci',
    behaviour:
      '`.ci/run` runs every stage, prints its seconds, fails when one failed and ends with the counts.',
    fault: 'a failed stage ends the run',
  },
  {
    id: 'workspace.licences',
    behaviour: 'The tarball of a package holds both licences and the build, and no tests.',
    fault: 'the licences not copied before packing',
  },
  {
    id: 'workspace.boundaries',
    behaviour: 'An import between workspaces fails unless a line allows it.',
    fault: 'core allowed to import every package',
  },
  {
    id: 'workspace.requirements-complete',
    behaviour: 'Requirements have ids of their own, a behaviour and a fault, and are all collected.',
    fault: 'an area left out of requirements.ts',
  },
  {
    id: 'workspace.requirements-tested',
    behaviour: 'Every requirement has a test that names it, and no test names another.',
    fault: 'an id misspelt in a title',
  },
  {
    id: 'workspace.deviations-held',
    behaviour:
      'Every row of deviations.md names a requirement whose test holds what replaces the described behaviour.',
    fault: 'a row of deviations.md named runtime.parts, which is no requirement',
  },
];
