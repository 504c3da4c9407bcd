import { loadActor } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { buildRelease } from "#lib/releases/service.ts";
import { setSendsAtOnce } from "../sending-process.ts";

// A web process in which somebody clicks "build" many times at once. It says what became of each click, one a line.
const [username = "", number = "", clicks = "1"] = process.argv.slice(2);
setSendsAtOnce(true);
const user = await db.user.findUniqueOrThrow({ where: { username } });
const actor = await loadActor(user.id);
if (!actor) throw new Error(`${username} may not sign in`);
const click = () =>
  buildRelease({ actor, number }).then(
    ({ items }) => `accepted ${items[0]?.build?.id}`,
    (error) => (error instanceof AppError ? error.code : String(error)),
  );
const outcomes = await Promise.all(Array.from({ length: Number(clicks) }, click));
process.stdout.write(`${outcomes.join("\n")}\n`, () => process.exit(0));
