/** Copies the logs of builds as a worker does, in a process of its own: `copy-log.ts <server's address> <build> ...`. */
import { createJenkins } from "#lib/adapters/jenkins/server.ts";
import { db } from "#lib/db.ts";
import { copyLog } from "../log.ts";
import { loadBuild } from "../row.ts";
import { peakKiB } from "./peak-memory.ts";

const [url = "", ...ids] = process.argv.slice(2);
const server = createJenkins({ url, username: "u", token: "t", jobName: "refract-build" });
for (const [index, id] of ids.entries()) {
  const build = await loadBuild(id);
  if (!build) throw new Error(`no build ${id}`);
  const start = performance.now();
  await copyLog(build, { number: index + 1, closed: false }, server, new AbortController().signal);
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ peakKiB: await peakKiB(), seconds }));
}
await db.$disconnect();
