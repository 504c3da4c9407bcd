import { randomUUID } from "node:crypto";
import { sentParameters, storedParametersSchema } from "#lib/builds/parameters.ts";
import { db } from "#lib/db.ts";
import type { BareJenkins } from "./bare-jenkins.ts";
import type { BuildPortal } from "./build-portal.ts";
import type { BuildRecord } from "./build-record.ts";
import { describeParts } from "./click-parts.ts";
import { clock } from "./observer.ts";
import { interleave, type Result, summarize } from "./statistics.ts";

const WARM_UP = 3;
const CLICKS = {
  build: "POST /releases/{number}/build (its refs are asked of the Git host meanwhile)",
  rebuild: "POST /builds/{id}/rebuild (the same commit: no Git host)",
} as const;

/**
 * From the click until Jenkins has accepted and its queue id is committed, for a build of a release order and for
 * another attempt; beside a bare client that does the same for nobody: one POST of the same parameters over a kept
 * connection. Two bare clients: one that only reads the Location, whose ratio is the one to keep low (`build-trigger`,
 * `build-trigger_rebuild`), and one that also commits it to the same PostgreSQL, as everybody has to who wants to find
 * the build again (`…_recorded`). Where the product's own time goes is told beside each. `…_least` is the second client
 * beside the first: what nobody who stores the queue id comes below.
 * @param input.component built on the Jenkins that `jenkins` asks
 * @param input.name of the results, before what was clicked
 */
export async function measureTrigger(input: {
  portal: BuildPortal;
  jenkins: BareJenkins;
  record: BuildRecord;
  component: string;
  name: string;
  way: string;
  rounds: number;
  /** What the web server wrote down of its clicks. */
  clicksFile: string;
}): Promise<Result[]> {
  const { portal, jenkins, record, component, name, way, rounds, clicksFile } = input;
  let parameters: Record<string, string> = {};
  let last = "";
  const ended = async (build: string, start: number): Promise<number> => {
    const accepted = (await record.at(build, "accepted")) - start;
    // Nothing else runs while the other arm is measured.
    await portal.told(build, "ended");
    const row = await db.build.findUniqueOrThrow({ where: { id: build }, select: { parameters: true } });
    parameters = sentParameters(storedParametersSchema.parse(row.parameters), {});
    last = build;
    return accepted;
  };
  const clicks = {
    build: async () => {
      const release = await portal.draft(component);
      const start = clock();
      return ended(await portal.build(release), start);
    },
    rebuild: async () => {
      const start = clock();
      return ended(await portal.rebuild(last), start);
    },
  };
  const bare = (recorded: boolean) => async (): Promise<number> => {
    const start = clock();
    const queueId = await jenkins.trigger({ ...parameters, REFRACT_ATTEMPT_ID: randomUUID() });
    if (recorded) await record.keep(queueId);
    const accepted = clock() - start;
    await jenkins.ended(queueId);
    return accepted;
  };
  const results: Result[] = [];
  for (const click of ["build", "rebuild"] as const) {
    for (const recorded of [false, true]) {
      await interleave(WARM_UP, clicks[click], bare(recorded));
      const client = recorded
        ? "bare client that records: one POST buildWithParameters of the same parameters over a kept connection, then one committed INSERT of the queue id"
        : "bare client: one POST buildWithParameters of the same parameters over a kept connection, until its Location is read";
      const started = `${CLICKS[click]} until the queue id is committed; ${client}; ${way}. Neither client asks for rights, records before it sends, tells events or audits`;
      const measured = await interleave(rounds, clicks[click], bare(recorded));
      const note = `${started}; ${await describeParts(clicksFile, click, 2 * rounds)}`;
      results.push(summarize(`${name}${suffix(click, recorded)}`, "ms", note, measured));
    }
  }
  const least =
    "the bare client that records, beside the bare client that only reads the Location: no portal comes below this";
  results.push(
    summarize(`${name}_least`, "ms", `${least}; ${way}`, await interleave(rounds, bare(true), bare(false))),
  );
  return results;
}

const suffix = (click: keyof typeof CLICKS, recorded: boolean): string =>
  `${click === "rebuild" ? "_rebuild" : ""}${recorded ? "_recorded" : ""}`;
