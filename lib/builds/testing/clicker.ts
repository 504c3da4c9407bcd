import { loadActor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { createRelease } from "#lib/releases/service.ts";
import { setSendsAtOnce } from "../sending-process.ts";

// A web process as far as builds are concerned, for tests that kill it: it asks for one build of a component, says its
// id, and sends it.
const [username = "", component = ""] = process.argv.slice(2);
setSendsAtOnce(true);
const user = await db.user.findUniqueOrThrow({ where: { username } });
const actor = await loadActor(user.id);
if (!actor) throw new Error(`${username} may not sign in`);
const items = [{ component, ref: "main" }];
const input = { actor, project: "quotes", title: component, description: "", items, build: true };
const release = await createRelease(input);
process.stdout.write(`build ${release.items[0]?.build?.id}\n`);
setInterval(() => undefined, 60_000);
