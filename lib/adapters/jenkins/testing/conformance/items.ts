import { expect } from "vitest";
import type { JobName, World } from "./world.ts";

/** An item that waits behind a running build of its job. */
export async function behind(world: World, job: JobName = "serial") {
  const busy = await world.begin(job, "sleep 300");
  const attemptId = world.attempt();
  const parameters = world.parameters(attemptId, { BUILD_COMMAND: "true" });
  const { queueId } = await world.server(job).trigger({ parameters });
  const release = async () => {
    await world.server(job).cancelQueueItem(queueId);
    await world.stop(job, busy.number);
  };
  return { busy, attemptId, parameters, queueId, release };
}

/** An item in its quiet period. */
export async function quiet(world: World, seconds = 300): Promise<{ attemptId: string; queueId: number }> {
  const attemptId = world.attempt();
  const form = world.parameters(attemptId);
  const reply = await world.raw(
    "POST",
    `${world.jobPath("freestyle")}/buildWithParameters?delay=${seconds}sec`,
    { form },
  );
  expect(reply.status).toBe(201);
  const queueId = Number(/\/queue\/item\/(\d+)\/$/.exec(reply.headers.get("location") ?? "")?.[1]);
  return { attemptId, queueId };
}
