import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import { failureOf, noAnswer, readBytes } from "../http-answer.ts";
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
 */
export function createPrometheus(settings: { url: string; timeoutMs?: number }): Metrics {
  const base = settings.url.replace(/\/+$/, "");
  return {
    async query(expression, options: CallOptions = {}) {
      const timeout = AbortSignal.timeout(settings.timeoutMs ?? 10_000);
      const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
      const what = `Prometheus ${new URL(base).host}`;
      let response: Response;
      try {
        // POST, because an expression may be longer than an address; a redirect would lead elsewhere than was allowed.
        response = await fetch(`${base}/api/v1/query`, {
          method: "POST",
          body: new URLSearchParams({ query: expression }),
          redirect: "error",
          signal,
        });
      } catch (error) {
        throw noAnswer(error, what);
      }
      const body = await readBytes(response, MAX_BYTES, what);
      const answer = parse(body.toString("utf8"));
      // A query that is wrong is a 400 or 422 with the reason in the body.
      if (answer?.status === "error") {
        const failure = response.status === 503 ? "unreachable" : "invalid";
        throw new AdapterError(failure, `${what}: ${answer.error}`, { status: response.status });
      }
      if (!response.ok) throw failureOf(response.status, what);
      if (!answer) throw new AdapterError("broken", `${what}: the answer is not one of an instant query`);
      const { data } = answer;
      const samples = data.resultType === "scalar" ? [data.result] : data.result.map(({ value }) => value);
      return { samples: samples.map(([, value]) => numberOf(value)) };
    },
  };
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
