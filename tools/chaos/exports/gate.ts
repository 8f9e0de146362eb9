import { createGate as createGateOf, type Gate as GateOf, type GateOptions as OptionsOf } from '../gate.js';
import type { Call } from './aws-call.js';
import { KILL_POINT_NAMES, KILL_POINTS, type KillPoint, type Place } from './kill-points.js';

export type { Strike } from '../gate.js';

/** Kills a process of exports at the very request that a point names. */
export type Gate = GateOf<KillPoint, Call>;

export type GateOptions = Omit<OptionsOf<KillPoint, Call>, 'rules'> & { place: Place };

export function createGate({ place, ...options }: GateOptions): Gate {
  const rules = Object.fromEntries(
    KILL_POINT_NAMES.map((point) => {
      const { role, at, fits, alone } = KILL_POINTS[point];
      const rule = { role, at, fits: (call: Call) => fits(call, place) };
      return [point, alone === undefined ? rule : { ...rule, alone: (call: Call) => alone(call, place) }];
    }),
  ) as OptionsOf<KillPoint, Call>['rules'];
  return createGateOf({ rules, ...options });
}
