/** A step fails for this reason; what does not depend on it goes on. */
export class StepFailure extends Error {}

/** The step fails, and with it at once the whole run, whatever is tolerated. */
export class RunFault extends Error {}

/** The run was told to end while the step was under way. */
export class StepCut extends Error {}
