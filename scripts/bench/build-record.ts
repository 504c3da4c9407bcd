import pg from "pg";
import { z } from "zod";
import { clock } from "./observer.ts";

const CHANNEL = "bench_builds";
const PATIENCE_MS = 120_000;
/** What of a build's row is waited for. */
type Fact = "accepted" | "logged" | "ended";
const changeSchema = z.object({ id: z.string(), fact: z.enum(["accepted", "logged", "ended"]) });

/** Says when the database had a fact about a build: each is told by the transaction that wrote it. */
export type BuildRecord = {
  /** Milliseconds since the epoch, with fractions. Throws after two minutes without. */
  at(build: string, fact: Fact): Promise<number>;
  /** Commits a queue id, as whoever triggers a build has to. */
  keep(queueId: number): Promise<void>;
  stop(): Promise<void>;
};

/** Watches the builds of a database that is the bench's own: a trigger is put there. */
export async function watchBuilds(databaseUrl: string): Promise<BuildRecord> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const known = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  client.on("notification", ({ payload }) => {
    const at = clock();
    const { id, fact } = changeSchema.parse(JSON.parse(payload ?? ""));
    const name = `${fact} ${id}`;
    if (known.has(name)) return;
    known.set(name, at);
    waiting.get(name)?.(at);
    waiting.delete(name);
  });
  await client.query(`
    CREATE TABLE bench_trigger (queue_id int NOT NULL, at timestamptz NOT NULL DEFAULT now());
    CREATE FUNCTION bench_tell() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE fact text;
    BEGIN
      FOREACH fact IN ARRAY ARRAY[
        CASE WHEN NEW."queueId" IS NOT NULL AND OLD."queueId" IS NULL THEN 'accepted' END,
        CASE WHEN NEW."logComplete" AND NOT OLD."logComplete" THEN 'logged' END,
        CASE WHEN NEW.state NOT IN ('queued', 'running') AND OLD.state IN ('queued', 'running') THEN 'ended' END]
      LOOP
        IF fact IS NOT NULL THEN
          PERFORM pg_notify('${CHANNEL}', json_build_object('id', NEW.id, 'fact', fact)::text);
        END IF;
      END LOOP;
      RETURN NULL;
    END $$;
    CREATE TRIGGER bench_tell AFTER UPDATE ON "Build" FOR EACH ROW EXECUTE FUNCTION bench_tell();
    LISTEN ${CHANNEL}`);
  return {
    at: (build, fact) =>
      new Promise((resolve, reject) => {
        const name = `${fact} ${build}`;
        const at = known.get(name);
        if (at !== undefined) return resolve(at);
        const timer = setTimeout(() => reject(new Error(`build ${build}: not ${fact} in time`)), PATIENCE_MS);
        waiting.set(name, (then) => {
          clearTimeout(timer);
          resolve(then);
        });
      }),
    keep: async (queueId) => {
      await client.query({
        name: "keep",
        text: "INSERT INTO bench_trigger (queue_id) VALUES ($1)",
        values: [queueId],
      });
    },
    stop: () => client.end(),
  };
}
