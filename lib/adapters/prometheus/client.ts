import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import { failureOf, noAnswer, unreadable } from "../http-answer.ts";
import type { CallOptions, Metrics } from "../ports.ts";

const MAX_BYTES = 1_000_000;

const sampleSchema = z.tuple([z.number(), z.string()]);
const answerSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("success"),
    data: z.discriminatedUnion("resultType", [
      z.object({ resultType: z.literal("vector"), result: z.array(z.object({ value: sampleSchema })) }),
      z.object({ resultType: z.literal("scalar"), result: sampleSchema }),
    ]),
  }),
  z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() }),
]);

/**
 * One Prometheus, or whatever speaks its HTTP API v1 (instant queries).
 * @param settings.url base, with the path prefix if there is one
 * @param settings.timeoutMs for one query, 10 s if left out
 * @param settings.lookup resolves the host of every connection; it may refuse
 */
export function createPrometheus(settings: {
  url: string;
  timeoutMs?: number;
  lookup?: LookupFunction;
}): Metrics {
  const url = new URL(`${settings.url.replace(/\/+$/, "")}/api/v1/query`);
  return {
    async query(expression, options: CallOptions = {}) {
      const timeout = AbortSignal.timeout(settings.timeoutMs ?? 10_000);
      const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
      const what = `Prometheus ${url.host}`;
      const { status, body } = await post(url, expression, { signal, lookup: settings.lookup }, what);
      const answer = parse(body);
      // A query that is wrong is a 400 or 422 with the reason in the body.
      if (answer?.status === "error") {
        throw new AdapterError(status === 503 ? "unreachable" : "invalid", `${what}: ${answer.error}`, {
          status,
        });
      }
      // A redirect is not followed: it would lead elsewhere than was allowed.
      if (status !== 200) throw failureOf(status, what);
      if (!answer) throw new AdapterError("broken", `${what}: the answer is not one of an instant query`);
      const { data } = answer;
      const samples = data.resultType === "scalar" ? [data.result] : data.result.map(({ value }) => value);
      return { samples: samples.map(([, value]) => numberOf(value)) };
    },
  };
}

/** The expression goes in the body: it may be longer than an address. */
async function post(
  url: URL,
  query: string,
  options: { signal: AbortSignal; lookup?: LookupFunction },
  what: string,
): Promise<{ status: number; body: string }> {
  const form = new URLSearchParams({ query }).toString();
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": Buffer.byteLength(form),
  };
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const send = url.protocol === "https:" ? httpsRequest : httpRequest;
      send(url, { method: "POST", headers, ...options }, resolve)
        .on("error", reject)
        .end(form);
    });
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of response) {
      size += part.length;
      if (size > MAX_BYTES) throw unreadable(`${what} sent more than ${MAX_BYTES} bytes`);
      parts.push(part);
    }
    return { status: response.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") };
  } catch (error) {
    throw noAnswer(error, what);
  }
}

/** The server writes infinities as `+Inf` and `-Inf`. */
const numberOf = (text: string): number => Number(text.replace("Inf", "Infinity"));

function parse(text: string): z.infer<typeof answerSchema> | null {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
