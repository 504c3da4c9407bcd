/** Address of the newest plan of a release order for an environment. */
export const planHref = (number: string, environment: string) =>
  `/releases/${encodeURIComponent(number)}/plan/${encodeURIComponent(environment)}`;
