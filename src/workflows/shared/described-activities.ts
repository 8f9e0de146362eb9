import { proxyActivities, type ActivityInterfaceFor, type ActivityOptions } from '@temporalio/workflow';

/**
 * As `proxyActivities`, and every activity says in the Web UI what it does.
 *
 * @param summaries what the Web UI writes beside an activity's name; short, since each stands in the history of every
 *   batch
 */
export function describedActivities<Activities>(
  summaries: Readonly<Record<keyof Activities, string>>,
  options: ActivityOptions | ((activity: keyof Activities) => ActivityOptions),
): ActivityInterfaceFor<Activities> {
  return new Proxy({} as ActivityInterfaceFor<Activities>, {
    get: (_target, name) => {
      const activity = name as keyof Activities;
      const given = typeof options === 'function' ? options(activity) : options;
      const described = { ...given, summary: summaries[activity] };
      return proxyActivities<Record<keyof Activities, never>>(described)[activity];
    },
  });
}
