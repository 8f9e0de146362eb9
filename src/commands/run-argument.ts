/** How commands name a run. */
export const RUN_ARGUMENT = '<test_date|workflow_id>';
export const RUN_ARGUMENT_ABOUT = "a date (its discovery), or a run's workflow id";
