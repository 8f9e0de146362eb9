/** A request at which the process that makes it is killed. */
export interface KillRule<Call> {
  role: string;
  /** Before the server hears of it; once half of it was carried out; or all of it, without the process hearing so. */
  at: 'received' | 'half' | 'answered';
  fits: (call: Call) => boolean;
  /** First the process makes this request, and hears nothing of Temporal from there on. */
  alone?: (call: Call) => boolean;
}

/** What a proxy does with a request at which its process is to die. */
export interface Strike {
  at: KillRule<never>['at'];
  /** SIGKILL. The request is answered no more. */
  kill(): void;
  /** It came to nothing: the next request that fits has its turn. */
  miss(): void;
}

/** Kills a process at the very request that a point names. */
export interface Gate<Point extends string, Call> {
  /** Asked for every request of a process before it is passed on. */
  meet(who: string, call: Call): Strike | undefined;
  /**
   * The first process that comes by dies; resolves to its name, once, or to undefined when the point is disarmed. One that is about
   * to die when somebody disarms it dies, and counts.
   */
  arm(point: Point): { killed: Promise<string | undefined>; disarm: () => void };
  isArmed(point: Point): boolean;
  /** Disarms every point. */
  disarmAll(): void;
  /** Kills so far. */
  hits(): Readonly<Record<Point, number>>;
}

export interface GateOptions<Point extends string, Call> {
  rules: Readonly<Record<Point, KillRule<Call>>>;
  roleOf: (who: string) => string;
  kill: (who: string) => void;
  /** Lets the process hear nothing of Temporal any more, or again. */
  isolate: (who: string, alone: boolean) => void;
}

interface Armed<Call> {
  rule: KillRule<Call>;
  /** The only one that counts from now on. */
  alone: string | undefined;
  /** A request is under way at whose end it dies. */
  busy: boolean;
  /** Disarmed: should that request come to nothing, no other one follows. */
  over: boolean;
  done: (who: string | undefined) => void;
}

export function createGate<Point extends string, Call>({
  rules,
  roleOf,
  kill,
  isolate,
}: GateOptions<Point, Call>): Gate<Point, Call> {
  const armed = new Map<Point, Armed<Call>>();
  const hits = Object.fromEntries(Object.keys(rules).map((point) => [point, 0])) as Record<Point, number>;

  const release = (point: Point, one: Armed<Call>, killed?: string): void => {
    armed.delete(point);
    if (one.alone !== undefined) isolate(one.alone, false);
    one.done(killed);
  };

  const disarm = (point: Point, one: Armed<Call>): void => {
    one.over = true;
    // Whoever disarms a point late must not disarm it for the next one.
    if (!one.busy && armed.get(point) === one) release(point, one);
  };

  const strike = (point: Point, one: Armed<Call>, who: string): Strike => {
    one.busy = true;
    return {
      at: one.rule.at,
      kill() {
        kill(who);
        hits[point] += 1;
        release(point, one, who);
      },
      miss() {
        one.busy = false;
        if (one.over) release(point, one);
      },
    };
  };

  return {
    meet(who, call) {
      for (const [point, one] of armed) {
        const { rule, alone } = one;
        if (one.busy || rule.role !== roleOf(who)) continue;
        if (rule.alone !== undefined && alone === undefined) {
          if (!rule.alone(call)) continue;
          one.alone = who;
          isolate(who, true);
        } else if ((alone === undefined || alone === who) && rule.fits(call)) {
          return strike(point, one, who);
        }
      }
      return undefined;
    },
    arm(point) {
      let done: Armed<Call>['done'] = () => undefined;
      const killed = new Promise<string | undefined>((resolve) => (done = resolve));
      const one: Armed<Call> = { rule: rules[point], alone: undefined, busy: false, over: false, done };
      armed.set(point, one);
      return { killed, disarm: () => disarm(point, one) };
    },
    isArmed: (point) => armed.has(point),
    disarmAll() {
      for (const [point, one] of [...armed]) disarm(point, one);
    },
    hits: () => hits,
  };
}
