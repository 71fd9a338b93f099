import type { Requirement } from '../requirement.js';

export const bigqueryRequirements: readonly Requirement[] = [
  // What callers ask of sessions in a table over RPC.
  {
    id: 'rpc.session-store-insert',
    behaviour:
      'Rows for a table of sessions are written as given, and the answer names the operation in full and counts them; what a row leaves out is no tombstone, a payload of null and no labels.',
    fault: 'The labels were parsed as a record, which lost the key `__proto__`.',
  },
  {
    id: 'rpc.session-store-read',
    behaviour:
      'Every read answers under the full name of its operation, whichever was asked, with rows whose payload is JSON and whose labels are an object.',
    fault: 'Every read was answered under one name.',
  },
  {
    id: 'rpc.session-store-pages',
    behaviour:
      'An answer that is not all of it says what the next page is asked with, and one that is says nothing; a cursor that is none is refused by its name.',
    fault: 'The last page named its last session, too.',
  },
  {
    id: 'rpc.session-store-reached',
    behaviour:
      'Project, token, address and time limit of a request are those the table is opened with, and what it leaves out is left to the warehouse.',
    fault: 'The time limit was not handed on.',
  },
  {
    id: 'rpc.session-store-invalid',
    behaviour:
      'A request that cannot be meant, and a name that is more than a name, is refused with -32602 and the field as it is on the wire, before anything is opened.',
    fault: 'The names were not checked.',
  },
  {
    id: 'rpc.session-store-failed',
    behaviour:
      'What the store fails with, or lacks, is answered with -32011, its words after `BigQuery session store request failed: `, and whether a retry helps.',
    fault: 'The failure kept the number of the store.',
  },
  {
    id: 'rpc.session-store-absent',
    behaviour: 'A runtime without a warehouse of sessions says so, and names the part.',
    fault: 'The method answered no rows.',
  },
];
