import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sentParameters, storedParametersSchema } from "#lib/builds/parameters.ts";
import { db } from "#lib/db.ts";
import type { BareJenkins } from "./bare-jenkins.ts";
import type { BuildPortal } from "./build-portal.ts";
import { LONG, USUAL } from "./build-world.ts";
import { clock } from "./observer.ts";
import { type Result, type Round, summarize } from "./statistics.ts";

const ASK_MS = 1000;
/** Milliseconds from Jenkins' own time of each change until it is known. */
type Lags = { running: number; ended: number };

/**
 * As `measureLag`, while `count` other builds run that are watched and copied as well. They are aborted afterwards.
 */
export async function measureLagBeside(
  count: number,
  input: { portal: BuildPortal; jenkins: BareJenkins; rounds: number },
): Promise<Result[]> {
  const { portal } = input;
  const others: string[] = [];
  for (let other = 0; other < count; other += 1)
    others.push(await portal.build(await portal.draft(LONG.key)));
  for (const build of others) await portal.told(build, "running");
  const results = await measureLag(input);
  for (const build of others) await portal.abort(build);
  for (const build of others) await portal.told(build, "ended");
  return results.map(({ name, note, ...rest }) => ({
    ...rest,
    name: `${name}_${count}`,
    note: `${count} other builds run; ${note}`,
  }));
}

/** From a change on Jenkins until the stream of a page has it; beside a client that asks once a second. */
export async function measureLag(input: {
  portal: BuildPortal;
  jenkins: BareJenkins;
  rounds: number;
}): Promise<Result[]> {
  const { portal, jenkins, rounds } = input;
  let parameters: Record<string, string> = {};
  const lags = async (number: number, told: Lags): Promise<Lags> => {
    const { timestamp, duration } = await jenkins.build(number);
    return { running: told.running - timestamp, ended: told.ended - timestamp - duration };
  };
  const product = async (): Promise<Lags> => {
    const build = await portal.build(await portal.draft(USUAL.key));
    const ended = await portal.told(build, "ended");
    const running = await portal.told(build, "running");
    const row = await db.build.findUniqueOrThrow({
      where: { id: build },
      select: { parameters: true, number: true },
    });
    if (row.number === null) throw new Error("a build ended without a number");
    parameters = sentParameters(storedParametersSchema.parse(row.parameters), {});
    return lags(row.number, { running, ended });
  };
  const bare = async (): Promise<Lags> => {
    const queueId = await jenkins.trigger({ ...parameters, REFRACT_ATTEMPT_ID: randomUUID() });
    let number = await jenkins.left(queueId);
    for (; number === null; number = await jenkins.left(queueId)) await sleep(ASK_MS);
    const running = clock();
    while ((await jenkins.build(number)).building) await sleep(ASK_MS);
    return lags(number, { running, ended: clock() });
  };
  const done: { running: Round; ended: Round }[] = [];
  await product();
  await bare();
  for (let round = 0; round < rounds; round += 1) {
    const [a1, b1, a2, b2] = [await product(), await bare(), await product(), await bare()];
    const of = (change: keyof Lags): Round => ({
      product: [a1[change], a2[change]],
      baseline: [b1[change], b2[change]],
    });
    done.push({ running: of("running"), ended: of("ended") });
  }
  const note = `by Jenkins' own clock, until an event stream has it; bare client: asks once in ${ASK_MS} ms and does nothing else`;
  const both = done.flatMap(({ running, ended }) => [running, ended]);
  const begun = done.map(({ running }) => running);
  const over = done.map(({ ended }) => ended);
  return [
    summarize("build-lag", "ms", `a build begins or ends, ${note}`, both),
    summarize("build-lag_running", "ms", `a build begins, ${note}`, begun),
    summarize("build-lag_ended", "ms", `a build ends, with log, result file and digest, ${note}`, over),
  ];
}
