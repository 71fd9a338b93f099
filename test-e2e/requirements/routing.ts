import type { Requirement } from '../requirement.js';

/** Where messages go: routes, resolutions, and who may be believed about them. */
export const routingRequirements: readonly Requirement[] = [
  {
    id: 'router.precedence',
    behaviour:
      'A route for the recipient beats one for anyone, then one for the channel beats one for any, then order.',
    fault:
      'A recipient on any channel was looked up after anyone on that channel; a later equal rule replaced the first.',
  },
  {
    id: 'router.unresolved',
    behaviour:
      'A message no route takes is refused with its recipient, its channel and the recipients there are routes for.',
    fault: 'The recipients were left out of the details.',
  },
  {
    id: 'router.config',
    behaviour:
      'A blank text, an unknown field or a key given twice is refused on start, named by its place in the list.',
    fault: 'Blank texts passed; keys were not compared; the plugin checked its routes at the first message.',
  },
  {
    id: 'router.table',
    behaviour:
      'Routes are added, replaced and removed while a router works, behind the fixed ones, and answered as they are kept.',
    fault: 'Of routes to one recipient the later became the first.',
  },
  {
    id: 'routing.trusted',
    behaviour:
      'A resolution is believed however many were given out since, and after a restart, because it is signed and not remembered.',
    fault: 'The key was made anew at each start.',
  },
  {
    id: 'routing.unknown',
    behaviour: 'A route id that this router never gave out for this mob is refused as unknown.',
    fault: 'All mobs had one key; the spelling of an id was not compared.',
  },
  {
    id: 'routing.forged',
    behaviour: 'A resolution that is not as it was given out is refused as forged, whichever field differs.',
    fault: 'The sink was left out of what is signed; the route was not compared.',
  },
  {
    id: 'routing.expired',
    behaviour: 'A resolution is believed until it expires, and a forged one is called so also afterwards.',
    fault: 'The expiry was not looked at.',
  },
  {
    id: 'routing.for-good',
    behaviour: 'A resolution can be given out for as long as a number says, also for good.',
    fault: 'The time at which it ends was written as it was, however late.',
  },
  {
    id: 'routing.contract',
    behaviour:
      'The router of rules keeps every promise of the contract over memory, SQLite and Postgres, of two processes over one store too.',
    fault:
      'Lists were read to their first page; hidden routes were listed; the mob was not asked for; the advised channel was left out.',
  },
  {
    id: 'routing.resolve',
    behaviour:
      'A resolution is answered under the names of the wire, its sink from the form of the recipient and its defaults filled in.',
    fault: 'An @ was not looked for.',
  },
  {
    id: 'routing.texts',
    behaviour:
      'Wrong parameters are refused with the texts that clients know, and the field is named; nothing is changed.',
    fault: 'A route beside other parameters was taken.',
  },
  {
    id: 'routing.table-rpc',
    behaviour: 'Routes are added, listed and deleted over RPC, and decide from the next message on.',
    fault: 'A route replaced the sink and not the limits.',
  },
  {
    id: 'routing.told',
    behaviour:
      'Every resolution is told as an event of the module `router`, last in the timeline, under an id that is never used again; not after the end.',
    fault: 'Events were numbered in the process; the runtime went on listening after its end.',
  },
  {
    id: 'routing.no-router',
    behaviour: 'A runtime without a router says so to whoever asks it for a route.',
    fault: 'The list of a runtime without a router was empty.',
  },
  {
    id: 'routing.members',
    behaviour:
      'Routes of members outlive the process, go with their members, also with those who went meanwhile, and no other route is touched.',
    fault: 'Every route to somebody who is no member was removed.',
  },
  {
    id: 'routing.arguments',
    behaviour: '`mobkit routes` and `mobkit module` take what they need and refuse what they do not take.',
    fault: 'Options of other actions were ignored; a limit that is no number was passed on as text.',
  },
  {
    id: 'routing.command',
    behaviour:
      '`mobkit routes` lists, adds, deletes and resolves; added routes are there after a restart, fixed ones cannot be changed.',
    fault: 'The app kept its routes for another mob at each start.',
  },
  {
    id: 'routing.module',
    behaviour:
      '`mobkit module router` is an MCP server with `routing.resolve` over the fixed routes, and answers what was asked before its input ended.',
    fault: 'What no route takes was an error.',
  },
  {
    id: 'routing.advised',
    behaviour: 'The router asks whoever gives advice, also one that is listed behind it.',
    fault: 'The plugin looked for advice when it was registered.',
  },
];
