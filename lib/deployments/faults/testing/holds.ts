import pg from "pg";

/** First half of the advisory locks' keys; the second is the number of the hold. */
const SPACE = 4711;

/** What a worker's queue calls itself. */
const QUEUE_NAME = "refract-worker-queue";

/**
 * Stops a process inside the transaction that would record something: a trigger waits for a lock that the test has.
 * The process can be killed there, as it can at any line.
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
      IF hold IS NOT NULL THEN PERFORM pg_advisory_xact_lock(${SPACE}, hold); END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fault_hold BEFORE UPDATE ON "DeploymentStep" FOR EACH ROW EXECUTE FUNCTION fault_hold();
    CREATE TRIGGER fault_hold BEFORE UPDATE ON "Deployment" FOR EACH ROW EXECUTE FUNCTION fault_hold();`);
  return {
    /** From now on whoever moves the row `subject` to one of `states` is stopped. Answers the hold's number. */
    async add(subject: string, states: readonly string[]): Promise<number> {
      const { rows } = await client.query<{ id: number }>(
        `INSERT INTO "FaultHold" (subject, states) VALUES ($1, $2) RETURNING id`,
        [subject, states],
      );
      const id = rows[0]?.id ?? 0;
      await client.query("SELECT pg_advisory_lock($1, $2)", [SPACE, id]);
      return id;
    },
    /** Numbers of the holds at which somebody stands. */
    async reached(): Promise<Set<number>> {
      const { rows } = await client.query<{ objid: number }>(
        `SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = ${SPACE}
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return new Set(rows.map(({ objid }) => Number(objid)));
    },
    /** Lets everybody go, and stops nobody any more. */
    async letGo(): Promise<void> {
      await client.query(`DELETE FROM "FaultHold"`);
      await client.query("SELECT pg_advisory_unlock_all()");
    },
    /** Ends the connections of a process by the name that it gives to the database. Answers how many there were. */
    async disconnect(name: string): Promise<number> {
      const { rows } = await client.query(
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
