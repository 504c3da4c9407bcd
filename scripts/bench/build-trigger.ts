import { randomUUID } from "node:crypto";
import { sentParameters, storedParametersSchema } from "#lib/builds/parameters.ts";
import { db } from "#lib/db.ts";
import type { BareJenkins } from "./bare-jenkins.ts";
import type { BuildPortal } from "./build-portal.ts";
import type { BuildRecord } from "./build-record.ts";
import { SHORT } from "./build-world.ts";
import { clock } from "./observer.ts";
import { interleave, type Result, summarize } from "./statistics.ts";

const WARM_UP = 3;

/** From the click until Jenkins has accepted and its queue id is committed; beside one POST of the same parameters. */
export async function measureTrigger(input: {
  portal: BuildPortal;
  jenkins: BareJenkins;
  record: BuildRecord;
  rounds: number;
}): Promise<Result> {
  const { portal, jenkins, record, rounds } = input;
  let parameters: Record<string, string> = {};
  const product = async (): Promise<number> => {
    const release = await portal.draft(SHORT.key);
    const start = clock();
    const build = await portal.build(release);
    const accepted = (await record.at(build, "accepted")) - start;
    // Nothing else runs while the other arm is measured.
    await portal.told(build, "ended");
    const row = await db.build.findUniqueOrThrow({ where: { id: build }, select: { parameters: true } });
    parameters = sentParameters(storedParametersSchema.parse(row.parameters), {});
    return accepted;
  };
  const bare = async (): Promise<number> => {
    const start = clock();
    const queueId = await jenkins.trigger({ ...parameters, REFRACT_ATTEMPT_ID: randomUUID() });
    const accepted = clock() - start;
    await jenkins.ended(queueId);
    return accepted;
  };
  await interleave(WARM_UP, product, bare);
  return summarize(
    "build-trigger",
    "ms",
    "POST /releases/{number}/build until the queue id is committed; bare client: one POST buildWithParameters of the same parameters over a kept connection, until its Location is read. It leaves out: rights, what the ref points to at the Git host, the record before the trigger, the queue between web server and worker, events and audit",
    await interleave(rounds, product, bare),
  );
}
