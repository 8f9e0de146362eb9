'use strict';

/** A workflow interceptor under which a stage that hangs is found after two seconds instead of a quarter of an hour. */
exports.interceptors = () => ({
  inbound: [],
  outbound: [
    {
      scheduleActivity: (input, next) =>
        input.activityType === 'upsertResults'
          ? next({ ...input, options: { ...input.options, startToCloseTimeout: '2 seconds' } })
          : next(input),
    },
  ],
});
