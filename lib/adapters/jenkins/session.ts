import { z } from "zod";
import { readText } from "../http-answer.ts";

const MAX_BYTES = 64 * 1024;
const crumbSchema = z.object({ crumb: z.string().min(1), crumbRequestField: z.string().min(1) });

/** Headers of one change made with a password: a crumb, and the cookie of the session that it belongs to. */
export type Session = { headers: Record<string, string> };

/**
 * Reads the answer of the crumb issuer. A crumb is worth nothing without the cookie that its own answer set.
 * @throws ZodError, SyntaxError when it is no such answer; AdapterError when it does not end
 */
export async function readSession(response: Response): Promise<Session> {
  const { crumb, crumbRequestField } = crumbSchema.parse(
    JSON.parse(await readText(response, MAX_BYTES, "crumb")),
  );
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
  return { headers: { [crumbRequestField]: crumb, ...(cookie === "" ? {} : { cookie }) } };
}

/** What is sent where the server has no crumb issuer (404): it asks for none. */
export const NO_SESSION: Session = { headers: {} };
