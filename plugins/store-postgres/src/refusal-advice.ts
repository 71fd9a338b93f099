/** What mends a refusal, by the server's code for it: what somebody meets who sets the store up. */
const advice: Readonly<Record<string, string>> = {
  '28P01': 'the password is not the one of this user',
  '28000': 'this user may not log in from here; see pg_hba.conf of the server',
  '3D000': 'there is no such database; create it, for the store creates only its schema',
  '42501':
    'the user lacks a right; to create the schema it needs CREATE on the database, and to use one that is there, to own it and its tables',
  '25006': 'the server only reads; connect to the primary',
  '0A000': 'the server does not know how; it may be too old',
};

/** A half sentence to put behind the message of an error; empty for a code that says nothing about what to do. */
export function adviceOn(state: string): string {
  const known = advice[state];
  return known === undefined ? '' : `: ${known}`;
}
