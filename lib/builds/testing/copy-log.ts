/** Copies the log of a build as a worker does, in a process of its own: `copy-log.ts <server's address> <build>`. */
import { createJenkins } from "#lib/adapters/jenkins/server.ts";
import { db } from "#lib/db.ts";
import { copyLog } from "../log.ts";
import { loadBuild } from "../row.ts";

const [url = "", id = ""] = process.argv.slice(2);
const build = await loadBuild(id);
if (!build) throw new Error(`no build ${id}`);
const server = createJenkins({ url, username: "u", token: "t", jobName: "refract-build" });
await copyLog(build, 1, server, new AbortController().signal);
await db.$disconnect();
