import { api } from "./api.ts";

type Releases = { items: { number: string; stages: { environment: string; state: string }[] }[] };
type Reservation = { queue: { release: string }[] };

/** Ends whatever other stories left in a project's environments: tests without a verdict, holds, queues. */
export async function freeEnvironments(project: string): Promise<void> {
  const { body } = await api<Releases>("owner", "GET", `/releases?project=${project}&limit=100`);
  for (const { number, stages } of body.items) {
    for (const { environment, state } of stages) {
      if (!["entered", "failed", "testing"].includes(state)) continue;
      await api("owner", "POST", `/releases/${number}/stages/${environment}/leave`, {});
    }
  }
  for (const environment of ["FAT", "STAGING", "PROD"]) {
    const path = `/projects/${project}/environments/${environment}/reservation`;
    const { body: reservation } = await api<Reservation>("owner", "GET", path);
    for (const { release } of reservation.queue) await api("owner", "DELETE", `${path}?release=${release}`);
    await api("owner", "DELETE", path);
  }
}
