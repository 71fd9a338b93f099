import type { Requirement } from '../requirement.js';

/** Risky actions and who allows them. */
export const gatingRequirements: readonly Requirement[] = [
  {
    id: 'gate.tiers',
    behaviour: 'r0, r1 and r2 pass at once, on record with the policy; r3 waits.',
    fault: 'r2 waited as r3 does.',
  },
  {
    id: 'gate.pending',
    behaviour: 'What waits is listed in order until it is decided, and each decision is on record.',
    fault: 'An approval stayed when it was decided.',
  },
  {
    id: 'gate.self-approval',
    behaviour: 'Nobody approves what they want themselves, which is on record; they may take it back.',
    fault: 'The actor was not compared with the approver.',
  },
  {
    id: 'gate.approver',
    behaviour: 'Only the one who was named decides, and only as who they are known to be.',
    fault: 'The principal of the caller was not looked at.',
  },
  {
    id: 'gate.replay',
    behaviour: 'A decision about what was never asked, was decided or has ended is refused, whichever it is.',
    fault: 'The deadline was not looked at when somebody decided.',
  },
  {
    id: 'gate.deadline',
    behaviour:
      'What nobody decided ends at its deadline by itself, the earliest first, at once without any time.',
    fault: 'The timer was set for the first deadline alone.',
  },
  {
    id: 'gate.restart',
    behaviour:
      'Approvals and audit outlive the process; the next ends what came due meanwhile; ids never come again.',
    fault: 'Nothing was looked at on start.',
  },
  {
    id: 'gate.once',
    behaviour: 'Of several processes on one storage one decides, once.',
    fault: 'Decisions were written without the version that was read.',
  },
  {
    id: 'gate.notice',
    behaviour: 'A notice goes out under the key of its approval, which and whose audit keep where it went.',
    fault: 'The key was that of the action.',
  },
  {
    id: 'gate.notice-failed',
    behaviour: 'When the notice fails the action waits all the same, and the audit says why.',
    fault: 'A delivery that failed counted as sent.',
  },
  {
    id: 'gate.conflict',
    behaviour:
      'r2 and r3 are drafts where facts contradict each other, may do so, or cannot be asked about; all sources count.',
    fault: 'Only the first source was asked.',
  },
  {
    id: 'gate.quorum',
    behaviour:
      'As many different approvers are needed as configured, of those listed; one rejection is enough.',
    fault: 'One approver counted twice.',
  },
  {
    id: 'gate.events',
    behaviour: 'Every entry of the audit is an event with its id.',
    fault: 'The event had an id of its own.',
  },
  {
    id: 'gate.audit',
    behaviour: 'The audit answers its newest entries, the oldest of these first.',
    fault: 'The oldest of all were answered.',
  },
  {
    id: 'gate.refused',
    behaviour: 'What is no action is refused by its field, and nothing waits or is on record.',
    fault: 'A blank action passed.',
  },
  {
    id: 'gate.call',
    behaviour: 'A call waits for its decision, by whichever process, and has it again until it is settled.',
    fault: 'News of other processes woke nobody.',
  },
  {
    id: 'gate.call-settled',
    behaviour: 'The verdict of a call counts for no other call, and for none once it was settled.',
    fault: 'Settling left what was decided.',
  },
  {
    id: 'gate.call-quorum',
    behaviour: 'A call waits until as many have approved as have to.',
    fault: 'The first approval was the verdict.',
  },
  {
    id: 'gate.call-failed',
    behaviour: 'A call does not pass when the question about it cannot be kept.',
    fault: 'What the storage throws was answered as allowed.',
  },
  {
    id: 'gate.call-restart',
    behaviour: 'A call is asked about once, also over a restart, and a decision made meanwhile counts.',
    fault: 'The approval of a call had a new id each time.',
  },
  {
    id: 'gate.call-withdrawn',
    behaviour: 'A wait ends with its signal and leaves the question; settling the call takes it back.',
    fault: 'Settling left what still waited.',
  },
  {
    id: 'gate.call-late',
    behaviour: 'A call that nobody decided about in time is denied; harmless ones pass at once.',
    fault: 'The verdict of a deadline was not kept for the call.',
  },
  {
    id: 'gating.notice-parts',
    behaviour:
      'Without router or delivery, or when routing fails, the audit names the part and nobody is told.',
    fault: 'Both parts were named when one was missing.',
  },
  {
    id: 'gating.bounded',
    behaviour: 'Beyond 512 that wait the next is refused with a typed error; none is dropped.',
    fault: 'The number of those that wait was not looked at.',
  },
  {
    id: 'gating.approver-names',
    behaviour:
      'White space around the names of approvers does not count, nobody counts twice, and none is blank.',
    fault: 'Names of approvers were compared as they were given.',
  },
  {
    id: 'gating.scope',
    behaviour:
      'Of gates that share a storage each shows, tells of and decides about what is of its own scope.',
    fault: 'The scope was no part of the names of the tables.',
  },
  {
    id: 'gating.approver-gone',
    behaviour: 'An approval of somebody who was taken off the approvers meanwhile counts for nothing.',
    fault: 'Approvals that were recorded counted whoever the approvers were by then.',
  },
  {
    id: 'gating.shown-whole',
    behaviour:
      '`mobkit approvals` shows the arguments of a call as they are, what cannot be seen in them included, and who has approved it.',
    fault: 'Marks that nobody sees were taken out of the arguments, and blanks folded.',
  },
  {
    id: 'gating.notice-crash',
    behaviour: 'What a process that died may have told nobody is told again under the same key.',
    fault: 'Notices under way at a crash were not looked for.',
  },
  {
    id: 'gating.call-arguments',
    behaviour: 'Nobody is asked about arguments that are too long to be read.',
    fault: 'The length of arguments was not looked at.',
  },
  {
    id: 'gating.call-conflict',
    behaviour: 'A call is held to what its arguments name; one that names nothing is not held back.',
    fault: 'The arguments were not looked at.',
  },
  {
    id: 'gating.call-notice',
    behaviour: 'Notices of calls say the tool and its arguments, and go where the options say.',
    fault: 'Calls were asked about without their notice.',
  },
  {
    id: 'gating.options',
    behaviour: 'A quorum that cannot be reached is refused.',
    fault: 'The number of approvers was not looked at.',
  },
  {
    id: 'gating.store-lost',
    behaviour: 'When the storage cannot be asked what is due, that is told once and asked again.',
    fault: 'No timer was set after a failure.',
  },
  {
    id: 'gating.plugin',
    behaviour: 'The plugin provides the gate with every source of conflicts that plugins contribute.',
    fault: 'Contributed sources were not collected.',
  },
  {
    id: 'gate.tool-waits',
    behaviour:
      'A gated call waits as long as it takes, when the others of its turn have ended; the mob and its other members go on.',
    fault: 'The time limit of the tool began when the call was asked about.',
  },
  {
    id: 'gate.tool-denied',
    behaviour:
      'A call that is not allowed is an error the model reads, and so is every gated one without a gate.',
    fault: 'Without a gate gated calls ran.',
  },
  {
    id: 'gate.tool-crash',
    behaviour:
      'After a crash a run that waits goes on where it was, with the same question; what was done is not done again.',
    fault: 'A run that waits was reported as lost.',
  },
  {
    id: 'gate.tool-turn-lost',
    behaviour:
      'When the process of a flow or a host has died whose turn waits for an approval, the next one takes the question back at its start.',
    fault: 'The calls that a requested turn waits for were not kept.',
  },
  {
    id: 'gate.tool-member-gone',
    behaviour: 'A question that a crash left to a member that is gone is taken back at the next start.',
    fault: 'The message was removed, and its question was left to its deadline.',
  },
  {
    id: 'gate.tool-put-aside',
    behaviour: 'A stop and a shutdown put a run that waits aside at once; it goes on afterwards.',
    fault: 'A stop interrupted the run.',
  },
  {
    id: 'gate.tool-cancelled',
    behaviour: 'The question is taken back when its turn is cancelled or its member is gone.',
    fault: 'Nothing was settled when a run was cancelled.',
  },
  {
    id: 'gating.rpc',
    behaviour:
      'Over RPC an action waits, somebody is told, who may not decide is refused in known words, and the audit has it all.',
    fault: 'Refusals were not called invalid params.',
  },
  {
    id: 'gating.rpc-tiers',
    behaviour: 'Over RPC what may pass does, and what may not wait has ended when the audit is asked.',
    fault: 'What may not wait at all never ended.',
  },
  {
    id: 'gating.rpc-notice',
    behaviour: 'Why nobody was told is kept, for a delivery that failed and for parts that are missing.',
    fault: 'A delivery that failed counted as sent.',
  },
  {
    id: 'gating.rpc-memory',
    behaviour: 'What the memory of the mob contradicts itself about is held back until that is resolved.',
    fault: 'The gate asked no memory.',
  },
  {
    id: 'gating.rpc-texts',
    behaviour: 'Every wrong field is refused in the words that clients know.',
    fault: 'A limit beyond the largest was cut to it.',
  },
  {
    id: 'gating.notice-slow',
    behaviour: 'Neither a start nor a deadline waits for a notice that is told again.',
    fault: 'A start told what nobody was told of before it went on.',
  },
  {
    id: 'gating.audit-bounded',
    behaviour: 'The oldest entries of the audit go, also where every process that writes it is short-lived.',
    fault: 'Only what one process wrote was counted.',
  },
  {
    id: 'gating.call-about',
    behaviour: 'An argument of a call that can be the name of nothing does not hold the call back.',
    fault: 'Memory was asked about a text of two lines, refused, and the call was denied.',
  },
  {
    id: 'gating.rpc-fields',
    behaviour: 'A field that the gate itself refuses is named as it is on the wire.',
    fault: 'The field was named as in TypeScript.',
  },
  {
    id: 'gating.rpc-absent',
    behaviour: 'A runtime without a gate says so.',
    fault: 'What waits was nothing without a gate.',
  },
  {
    id: 'gating.config',
    behaviour: 'The config says who may approve, how many have to, and how calls of tools are asked about.',
    fault: 'A quorum beyond the approvers passed.',
  },
  {
    id: 'gating.arguments',
    behaviour: 'The command line reads what is asked and decided, in the name of this user by default.',
    fault: 'Any limit passed.',
  },
  {
    id: 'gating.killed',
    behaviour:
      'A call that waits is found again after SIGKILL, on each store; it is made once, when somebody who may allows it.',
    fault: 'A run that waits was reported as lost.',
  },
  {
    id: 'gating.modules',
    behaviour:
      'Modules route and carry notices and know of conflicts; one that fails leaves the action waiting, or a draft, with why.',
    fault: 'A failure of the memory counted as no conflict.',
  },
];
