import { db } from "#lib/db.ts";
import { bareJenkins, type JenkinsAccess } from "./bare-jenkins.ts";
import { measureLag } from "./build-lag.ts";
import { measureLog } from "./build-log.ts";
import { openBuildPortal } from "./build-portal.ts";
import { watchBuilds } from "./build-record.ts";
import { measureTrigger } from "./build-trigger.ts";
import type { BuildWorld } from "./build-world.ts";
import type { Result } from "./statistics.ts";

/** Runs the wanted measurements of builds and shows each result as it comes. */
export async function measureBuilds(input: {
  url: string;
  databaseUrl: string;
  dir: string;
  world: BuildWorld;
  access: JenkinsAccess;
  rounds: number;
  /** Rounds of what takes seconds each. */
  few: number;
  wanted: (name: string) => boolean;
  show: (result: Result) => void;
  say: (line: string) => void;
  cleanUp: (work: () => Promise<void>) => void;
}): Promise<void> {
  const { url, world, access, rounds, few, wanted, show, say, cleanUp } = input;
  const jenkins = bareJenkins(access);
  const record = await watchBuilds(input.databaseUrl);
  const portal = await openBuildPortal(url, world.token, world.project);
  cleanUp(async () => {
    portal.close();
    jenkins.close();
    await record.stop();
    await db.$disconnect();
  });
  if (wanted("build-trigger")) show(await measureTrigger({ portal, jenkins, record, rounds }));
  if (wanted("build-lag")) {
    say("building, to see how late a change is told ...");
    show(await measureLag({ portal, jenkins, rounds: few }));
  }
  if (wanted("build-log")) {
    say("printing a long log ...");
    show(await measureLog({ world, access, jenkins, record, dir: input.dir, rounds: few }));
  }
}
