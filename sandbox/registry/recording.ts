import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** One exchange with a real docker-registry 2.8.2; the folder holds them in the order they were made. */
const recordingSchema = z.object({
  name: z.string(),
  request: z.object({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().optional(),
  }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown(),
  }),
});
export type Recording = z.infer<typeof recordingSchema>;

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const folder = fileURLToPath(new URL("./recorded/", import.meta.url));

/** All recordings by their two-digit number, e.g. `"08"`. */
export function loadRecordings(): Map<string, Recording> {
  const recordings = new Map<string, Recording>();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".json")) continue;
    const parsed = recordingSchema.parse(JSON.parse(readFileSync(`${folder}${file}`, "utf8")));
    recordings.set(file.slice(0, 2), parsed);
  }
  return recordings;
}

/** Sends one request under the recorded host name, so that Location headers can be compared as they are. */
export function send(
  port: number,
  input: { method: string; path: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        port,
        host: "127.0.0.1",
        method: input.method,
        path: input.path,
        headers: { ...input.headers, host: "registry.test:5000" },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const headers: Record<string, string> = {};
          for (const [name, value] of Object.entries(response.headers)) {
            if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
          }
          resolve({ status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks) });
        });
      },
    );
    call.on("error", reject);
    call.end(input.body);
  });
}
