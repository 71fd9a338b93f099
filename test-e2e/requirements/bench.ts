import type { Requirement } from '../requirement.js';

/** The figures we claim: `apps/bench`. */
export const benchRequirements: readonly Requirement[] = [
  {
    id: 'bench.runs',
    behaviour: 'Every bench runs, checks what it measured, and prints the figures it is asked for by name.',
    fault: 'named a figure otherwise',
  },
  {
    id: 'bench.arithmetic',
    behaviour: 'Medians, percentiles and ratios of paired samples are what their names say.',
    fault: 'took the sample before for a percentile',
  },
];
