import type { Requirement } from '../requirement.js';

/** What is promised to those who bring a store of their own, and to those who run one. */
export const doorRequirements: readonly Requirement[] = [
  {
    id: 'door.claims',
    behaviour:
      'An assembly tells who claimed which slot, who holds it and where it is kept, with nothing open.',
    fault: 'The first to claim a slot was named as its holder.',
  },
  {
    id: 'door.supports',
    behaviour:
      'What a plugin says of its store is known before that is open; then the store has its own word.',
    fault: 'What the open store says was not taken down.',
  },
  {
    id: 'door.supports-checked',
    behaviour: 'A store that says otherwise than its plugin stops the start, and is closed.',
    fault: 'The two were not compared.',
  },
  {
    id: 'door.card',
    behaviour:
      'How long a slot is kept is what the store says in which its holder keeps it; a start tells in one line what will be gone.',
    fault: 'A part that says where it keeps things was believed to be durable by itself.',
  },
  {
    id: 'door.status',
    behaviour: '`mobkit/status` tells the same of every slot as the line at the start.',
    fault: 'The app gave its runtime no card.',
  },
  {
    id: 'door.card-true',
    behaviour: 'Every part that says that it keeps what it has in the storage does so.',
    fault: 'The part for dead letters kept them in a storage of its own.',
  },
  {
    id: 'door.require-durable',
    behaviour:
      '`up --require-durable` refuses to start when a slot is volatile, names slots and plugins, and has touched nothing.',
    fault: 'The card was not asked before the start.',
  },
  {
    id: 'door.require-durable-asked',
    behaviour: '`up` and `takeover` take `--require-durable`.',
    fault: '`takeover` did not take it.',
  },
  {
    id: 'door.require-durable-late',
    behaviour:
      'A store that says only when it is open that it keeps nothing is closed again, and the start refused.',
    fault: 'Nobody asked again once the store was open.',
  },
  {
    id: 'door.plugins-list',
    behaviour:
      '`plugins` lists what is loaded, from where, with the slots that each holds and lost, its `supports` and what is durable, and opens nothing.',
    fault: 'A slot that was lost was listed as held.',
  },
  {
    id: 'door.options',
    behaviour:
      'An entry of a config may give a package options, which get them with the places of the config and the state.',
    fault: 'The options of an entry were left out.',
  },
  {
    id: 'door.entry-refused',
    behaviour:
      'A wrong entry is refused with the file and the field of it, down to the option that is wrong.',
    fault: 'The error named the file alone.',
  },
  {
    id: 'door.default-name',
    behaviour: 'A package whose store is called as the default store is refused, and both are named.',
    fault: 'The name alone said that it is SQLite.',
  },
  {
    id: 'door.one-contract',
    behaviour:
      'A store of a config that fills some slots only leaves the others to the default store, which is not opened where it fills all.',
    fault: 'The default store was left out of the list where a config names one.',
  },
  {
    id: 'door.scaffold',
    behaviour:
      '`plugin new` makes a package outside of the repository, on the versions of the mobkit that runs, with two doors, the kit and a workflow.',
    fault: 'The file that is hidden in a package, `.gitignore`, was left under its other name.',
  },
  {
    id: 'door.scaffold-names',
    behaviour: 'A package may have a scope, and what is in it is called after it; other names are refused.',
    fault: 'A name with a capital letter was taken.',
  },
  {
    id: 'door.scaffold-whole',
    behaviour:
      'A directory that is not empty is refused, and a package that cannot be written whole is not there.',
    fault: 'What was written before a failure was left beside where it goes.',
  },
  {
    id: 'door.scaffold-place',
    behaviour:
      'A package that is made in an empty directory, which may be where the command runs, leaves that directory the same.',
    fault: 'The package was renamed over the directory.',
  },
  {
    id: 'door.scaffold-tests',
    behaviour:
      'The tests of a package that was made pass as its card does, also once its store says that it is durable.',
    fault: 'A process that is to be killed was given the harness as source.',
  },
  {
    id: 'door.third-party',
    behaviour:
      'A store that is made and filled in as the guide says, and installed from tarballs, passes the kit, is loaded by a config, and keeps events and ledger over SIGKILL.',
    fault: 'The journal did not read what it had kept.',
  },
];
