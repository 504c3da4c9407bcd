import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlQuery,
  type SqlResultSet,
  type Transaction,
} from "@prisma/driver-adapter-utils";
import pg from "pg";
import { columnType, columnValue } from "./columns.ts";

// node-postgres has no parser for name[] and "char"[]; text[] reads the same.
const types = {
  getTypeParser: (oid: number) => pg.types.getTypeParser(oid === 1002 || oid === 1003 ? 1009 : oid, "text"),
};

function adapterError(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const { code = "XX000", severity = "ERROR", message, detail, column, hint } = error;
  return new DriverAdapterError({
    kind: "postgres",
    code,
    severity,
    message,
    detail,
    column,
    hint,
    originalCode: code,
    originalMessage: message,
  });
}

/**
 * One PostgreSQL session as the schema engine's driver adapter. A session, not a pool: the engine's advisory lock
 * and transactions belong to a session. @prisma/adapter-pg is not used here because it cannot read "char" columns
 * and cuts scripts at every semicolon, also within a function's body.
 */
export class Session implements SqlDriverAdapter {
  readonly provider = "postgres";
  readonly adapterName = "@prisma/adapter-pg";
  readonly #client: pg.Client;
  readonly #schema: string | undefined;
  readonly #afterEnd: () => Promise<void>;

  private constructor(client: pg.Client, schema: string | undefined, afterEnd: () => Promise<void>) {
    this.#client = client;
    this.#schema = schema;
    this.#afterEnd = afterEnd;
  }

  /** Opens a session to `url`; `afterEnd` runs when it has been closed. */
  static async open(url: string, afterEnd: () => Promise<void> = async () => {}): Promise<Session> {
    const schema = new URL(url).searchParams.get("schema") ?? undefined;
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    if (schema !== undefined)
      await client.query("SELECT set_config('search_path', $1, false)", [`"${schema}"`]);
    return new Session(client, schema, afterEnd);
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw adapterError(error);
    }
  }

  async queryRaw({ sql, args }: SqlQuery): Promise<SqlResultSet> {
    const result = await this.#run(() =>
      this.#client.query<unknown[]>({ text: sql, values: args, rowMode: "array", types }),
    );
    return {
      columnNames: result.fields.map((field) => field.name),
      columnTypes: result.fields.map((field) => {
        const type = columnType(field.dataTypeID);
        if (type === undefined) {
          throw new DriverAdapterError({
            kind: "UnsupportedNativeDataType",
            type: `oid ${field.dataTypeID}`,
          });
        }
        return type;
      }),
      rows: result.rows.map((row) => row.map(columnValue)),
    };
  }

  async executeRaw({ sql, args }: SqlQuery): Promise<number> {
    const result = await this.#run(() => this.#client.query(sql, args));
    return result.rowCount ?? 0;
  }

  async executeScript(script: string): Promise<void> {
    await this.#run(() => this.#client.query(script));
  }

  async startTransaction(): Promise<Transaction> {
    const execute = (sql: string) => this.executeRaw({ sql, args: [], argTypes: [] });
    await execute("BEGIN");
    return {
      provider: this.provider,
      adapterName: this.adapterName,
      options: { usePhantomQuery: false },
      queryRaw: (query) => this.queryRaw(query),
      executeRaw: (query) => this.executeRaw(query),
      // The engine sends COMMIT and ROLLBACK itself.
      commit: async () => {},
      rollback: async () => {},
    };
  }

  getConnectionInfo() {
    return { schemaName: this.#schema, supportsRelationJoins: true };
  }

  async dispose(): Promise<void> {
    await this.#client.end();
    await this.#afterEnd();
  }
}
