import { z } from "zod";
import { AdapterError, AppError, blockerSchema, ERROR_STATUS } from "#lib/errors.ts";
import { Prisma } from "#lib/generated/prisma/client.ts";
import { logger } from "#lib/logger.ts";

/** RFC 9457 problem details as this API answers them. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  blockers: z.array(blockerSchema).optional(),
  /** What a text about it needs, e.g. what made a plan stale. */
  facts: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** A unique row that appeared between the look and the write; two transactions that met crosswise. */
const LOST_RACE = new Set(["P2002", "P2034"]);

/** Any thrown value as a problem; what is not an expected failure is logged and told as INTERNAL only. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (error instanceof AppError) {
    return {
      type: `urn:refract:problem:${error.code.toLowerCase()}`,
      title: error.code,
      status: ERROR_STATUS[error.code],
      code: error.code,
      detail: error.message,
      requestId,
      ...(error.blockers.length > 0 ? { blockers: error.blockers } : {}),
      ...(Object.keys(error.facts).length > 0 ? { facts: error.facts } : {}),
    };
  }
  if (error instanceof AdapterError) {
    logger.warn({ error, requestId }, "upstream");
    const code = error.failure === "unreachable" ? "UPSTREAM_UNREACHABLE" : "UPSTREAM_FAILED";
    return toProblem(new AppError(code, error.message, { facts: { failure: error.failure } }), requestId);
  }
  if (error instanceof Prisma.PrismaClientKnownRequestError && LOST_RACE.has(error.code)) {
    return toProblem(new AppError("CONFLICT", "somebody else did the same in this moment"), requestId);
  }
  logger.error({ error, requestId }, "unexpected error");
  return {
    type: "urn:refract:problem:internal",
    title: "INTERNAL",
    status: 500,
    code: "INTERNAL",
    detail: "unexpected error",
    requestId,
  };
}

/** One that asks to wait says how long in a header too: `facts.seconds`. */
const waitOf = ({ code, facts }: Problem): Record<string, string> =>
  code === "THROTTLED" && facts?.seconds !== undefined ? { "retry-after": String(facts.seconds) } : {};

export function problemResponse(problem: Problem, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-request-id": problem.requestId,
      ...waitOf(problem),
      ...headers,
    },
  });
}
