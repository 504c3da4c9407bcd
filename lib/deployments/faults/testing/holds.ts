import pg from "pg";

/** First half of the advisory locks' keys; the second is the number of the hold. */
const SPACE = 4711;
/** Shorter than a transaction of the product may take. */
const PATIENCE_MS = 3_000;

/** What a worker's queue calls itself. */
const QUEUE_NAME = "refract-worker-queue";

/**
 * Stops a process inside the transaction that would record something: a trigger waits there for a lock that the test
 * has, and gives up before the process loses patience, so that it comes back and stands there again. It can be killed
 * there, as it can at any line. That it has been there is kept in a sequence: those outlive a transaction that fails.
 */
export async function makeHolds(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`
    CREATE TABLE "FaultHold" (id serial PRIMARY KEY, subject uuid NOT NULL, states text[] NOT NULL);
    CREATE FUNCTION fault_hold() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE hold int;
    BEGIN
      SELECT id INTO hold FROM "FaultHold"
        WHERE subject = NEW.id AND NEW.state = ANY (states) AND NEW.state <> OLD.state LIMIT 1;
      IF hold IS NOT NULL THEN
        PERFORM nextval('fault_reached_' || hold);
        PERFORM set_config('lock_timeout', '${PATIENCE_MS}', true);
        PERFORM pg_advisory_xact_lock(${SPACE}, hold);
        PERFORM set_config('lock_timeout', '0', true);
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fault_hold BEFORE UPDATE ON "DeploymentStep" FOR EACH ROW EXECUTE FUNCTION fault_hold();
    CREATE TRIGGER fault_hold BEFORE UPDATE ON "Deployment" FOR EACH ROW EXECUTE FUNCTION fault_hold();`);
  // One connection, one query at a time.
  let last: Promise<unknown> = Promise.resolve();
  const ask = <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> => {
    const next = last.then(async () => (await client.query<Row>(text, values)).rows);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    /** From now on whoever moves the row `subject` to one of `states` is stopped. Answers the hold's number. */
    async add(subject: string, states: readonly string[]): Promise<number> {
      const [row] = await ask<{ id: number }>(`SELECT nextval('"FaultHold_id_seq"')::int AS id`);
      const id = row?.id ?? 0;
      await ask(`CREATE SEQUENCE fault_reached_${id}`);
      await ask("SELECT pg_advisory_lock($1, $2)", [SPACE, id]);
      await ask(`INSERT INTO "FaultHold" (id, subject, states) VALUES ($1, $2, $3)`, [id, subject, states]);
      return id;
    },
    /** Numbers of the holds to which somebody came. */
    async reached(): Promise<Set<number>> {
      const rows = await ask<{ id: number }>(
        `SELECT id FROM "FaultHold"
           WHERE pg_sequence_last_value(('fault_reached_' || id)::regclass) IS NOT NULL`,
      );
      return new Set(rows.map(({ id }) => id));
    },
    /** Lets everybody go, and stops nobody any more. */
    async letGo(): Promise<void> {
      await ask(`DELETE FROM "FaultHold"`);
      await ask("SELECT pg_advisory_unlock_all()");
    },
    /** Ends the connections of a process by the name that it gives to the database. Answers how many there were. */
    async disconnect(name: string): Promise<number> {
      const rows = await ask(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = ANY ($1)`,
        [[name, QUEUE_NAME]],
      );
      return rows.length;
    },
    close: () => client.end(),
  };
}
export type Holds = Awaited<ReturnType<typeof makeHolds>>;
