/** `1120-003` of `20261120-quotes-003`, for places where the project stands beside it; other texts stay whole. */
export function shortNumber(number: string): string {
  const parts = /^\d{4}(\d{4})-.+-(\d+)$/.exec(number);
  return parts === null ? number : `${parts[1]}-${parts[2]}`;
}

const path = (...parts: string[]) => `/${parts.map(encodeURIComponent).join("/")}`;
/** Addresses that home points at. */
export const to = {
  release: (number: string) => path("releases", number),
  plan: (digest: string) => path("plans", digest),
  stagePlan: (number: string, environment: string) => path("releases", number, "plan", environment),
  deployment: (id: string) => path("deployments", id),
  build: (id: string) => path("builds", id),
  environment: (project: string, environment: string) => path("environments", project, environment),
  component: (project: string, component: string) => path("projects", project, "components", component),
  project: (key: string) => path("projects", key),
};
