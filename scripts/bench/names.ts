/** What can be measured, as `--only` names it. */
export const OF_DEPLOYMENTS = ["deploy", "throughput", "stream"] as const;
export const OF_BUILDS = ["build-trigger", "build-lag", "build-log"] as const;

/** So many others run beside the build whose changes are waited for. */
export const MANY_BUILDS = 50;
