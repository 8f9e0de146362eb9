import type { DoctorPart } from '../../../commands/finding.js';

export const exportsDoctor: DoctorPart = {
  examples: [],
  addOptions: (command) => command,
  checks: async (environment) => {
    const { allChecks } = await import('./all-checks.js');
    return allChecks(environment);
  },
};
