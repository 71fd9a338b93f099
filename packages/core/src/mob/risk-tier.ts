/** How risky an action is, from `r0`, which anybody may do, to `r3`, which a person has to allow. */
export type RiskTier = 'r0' | 'r1' | 'r2' | 'r3';
