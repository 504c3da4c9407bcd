import { db } from "#lib/db.ts";
import { bareJenkins, type JenkinsAccess } from "./bare-jenkins.ts";
import { measureLag, measureLagBeside } from "./build-lag.ts";
import { measureLog } from "./build-log.ts";
import { openBuildPortal } from "./build-portal.ts";
import { watchBuilds } from "./build-record.ts";
import { measureTrigger } from "./build-trigger.ts";
import { type BuildWorld, SHORT, slowKey } from "./build-world.ts";
import { MANY_BUILDS } from "./names.ts";
import type { Result } from "./statistics.ts";

/** Runs the wanted measurements of builds and shows each result as it comes. */
export async function measureBuilds(input: {
  url: string;
  databaseUrl: string;
  dir: string;
  clicksFile: string;
  world: BuildWorld;
  access: JenkinsAccess;
  /** Slower ways to the same Jenkins. */
  slow: readonly { delayMs: number; url: string }[];
  rounds: number;
  /** Rounds of what takes seconds each. */
  few: number;
  wanted: (name: string) => boolean;
  show: (result: Result) => void;
  say: (line: string) => void;
  cleanUp: (work: () => Promise<void>) => void;
}): Promise<void> {
  const { url, world, access, slow, rounds, few, wanted, show, say, cleanUp } = input;
  const jenkins = bareJenkins(access);
  const record = await watchBuilds(input.databaseUrl);
  const portal = await openBuildPortal(url, world.token, world.project);
  cleanUp(async () => {
    portal.close();
    jenkins.close();
    await record.stop();
    await db.$disconnect();
  });
  if (wanted("build-trigger")) {
    const given = { portal, record, rounds, clicksFile: input.clicksFile };
    const way = "the Jenkins of the sandbox, or whichever was named";
    const direct = { ...given, jenkins, component: SHORT.key, name: "build-trigger", way };
    for (const result of await measureTrigger(direct)) show(result);
    for (const { delayMs, url: slowUrl } of slow) {
      const slowly = bareJenkins({ ...access, url: slowUrl });
      cleanUp(async () => slowly.close());
      const name = `build-trigger_${delayMs}ms`;
      const late = `a trigger takes ${delayMs} ms longer on its way to that Jenkins`;
      const input = { ...given, jenkins: slowly, component: slowKey(delayMs), name, way: late };
      for (const result of await measureTrigger(input)) show(result);
    }
  }
  if (wanted("build-lag")) {
    say("building, to see how late a change is told ...");
    for (const result of await measureLag({ portal, jenkins, rounds: few })) show(result);
    say(`the same while ${MANY_BUILDS} builds run ...`);
    const given = { portal, jenkins, rounds: few };
    for (const result of await measureLagBeside(MANY_BUILDS, given)) show(result);
  }
  if (wanted("build-log")) {
    say("printing a long log ...");
    show(await measureLog({ world, access, jenkins, record, dir: input.dir, rounds: few }));
  }
}
