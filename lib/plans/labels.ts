/** Labels and annotations of contracts section 2. */
export const LABEL = {
  managedBy: "app.kubernetes.io/managed-by",
  project: "app.kubernetes.io/part-of",
  component: "app.kubernetes.io/name",
  release: "app.kubernetes.io/version",
  environment: "refract.dev/environment",
} as const;
export const ANNOTATION = {
  deployment: "refract.dev/deployment",
  plan: "refract.dev/plan",
  /** Of which attempt of the deployment, so that one that goes on after a crash knows what it has done. */
  attempt: "refract.dev/attempt",
  /** On the portal's Secrets: {name: version} of the values in it. */
  secretVersions: "refract.dev/secret-versions",
} as const;
export const MANAGER = "refract";
/** What each deployment writes about itself: in no plan. */
export const OWN_ANNOTATIONS: readonly string[] = [
  ANNOTATION.deployment,
  ANNOTATION.plan,
  ANNOTATION.attempt,
];

export const objectLabels = (facts: {
  project: string;
  component: string;
  release: string;
  environment: string;
}): Record<string, string> => ({
  [LABEL.managedBy]: MANAGER,
  [LABEL.project]: facts.project,
  [LABEL.component]: facts.component,
  [LABEL.release]: facts.release,
  [LABEL.environment]: facts.environment,
});

/** Selector of everything that a project has in an environment; one component's with `component`. */
export const labelSelector = (facts: { project: string; environment: string; component?: string }): string =>
  [
    `${LABEL.project}=${facts.project}`,
    `${LABEL.environment}=${facts.environment}`,
    ...(facts.component ? [`${LABEL.component}=${facts.component}`] : []),
  ].join(",");
