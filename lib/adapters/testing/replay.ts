import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { z } from "zod";

const exchangeSchema = z.object({
  request: z.object({ method: z.string(), path: z.string() }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    body: z.unknown().optional(),
    /** A watch: its events in the order in which they came, or the pieces of text that carried them. */
    chunks: z
      .array(z.object({ events: z.array(z.unknown()).optional(), text: z.string().optional() }))
      .optional(),
  }),
});
export type Exchange = z.infer<typeof exchangeSchema>;

const recordingSchema = z.union([
  z.object({
    steps: z.array(z.object({ label: z.string() }).and(exchangeSchema)),
  }),
  exchangeSchema,
]);

/** Reads a recorded exchange, or the labelled steps of a recorded series. */
export async function readRecording(file: URL, ...labels: string[]): Promise<Exchange[]> {
  const recording = recordingSchema.parse(JSON.parse(await readFile(file, "utf8")));
  if (!("steps" in recording)) return [recording];
  const kept = recording.steps.filter((step) => labels.length === 0 || labels.includes(step.label));
  return kept.map(({ request, response }) => ({ request, response }));
}

export type Replay = {
  url: string;
  /** What was asked, in order. */
  requests: { method: string; path: string; headers: NodeJS.Dict<string | string[]>; body: string }[];
  close: () => Promise<void>;
};

function bodyOf({ response }: Exchange): string {
  if (response.chunks) {
    const lines = (events: unknown[]) => events.map((event) => `${JSON.stringify(event)}\n`).join("");
    return response.chunks.map((chunk) => chunk.text ?? lines(chunk.events ?? [])).join("");
  }
  if (response.body === undefined) return "";
  return typeof response.body === "string" ? response.body : JSON.stringify(response.body);
}

/**
 * A loopback server that answers recorded exchanges: by method and path, the query left aside; several answers for
 * one address are given in turn and the last one stays. What was not recorded is a 599.
 */
export async function startReplay(exchanges: Exchange[]): Promise<Replay> {
  const answers = new Map<string, Exchange[]>();
  const key = (method: string, path: string): string => `${method} ${path.split("?")[0]}`;
  for (const exchange of exchanges) {
    const id = key(exchange.request.method, exchange.request.path);
    answers.set(id, [...(answers.get(id) ?? []), exchange]);
  }
  const requests: Replay["requests"] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    requests.push({ method, path: url, headers, body: Buffer.concat(parts).toString("utf8") });
    const left = answers.get(key(method, url)) ?? [];
    const exchange = left.length > 1 ? left.shift() : left[0];
    if (!exchange) return response.writeHead(599).end();
    for (const [name, value] of Object.entries(exchange.response.headers)) {
      if (name !== "transfer-encoding") response.setHeader(name, value);
    }
    return response.writeHead(exchange.response.status).end(bodyOf(exchange));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the replay server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
