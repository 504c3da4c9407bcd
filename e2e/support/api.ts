import { portalState, tokenOf } from "./state.ts";

export type Answer<Body = unknown> = { status: number; body: Body };

/** One call of `/api/v1` with somebody's API token. */
export async function api<Body = Record<string, unknown>>(
  username: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Body>> {
  const response = await fetch(`${portalState().url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokenOf(username)}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get("content-type")?.includes("json");
  return { status: response.status, body: (json ? JSON.parse(text) : text) as Body };
}

/** Calls until the answer is as wanted; the last answer is in the error. */
export async function until<Body>(
  what: string,
  ask: () => Promise<Answer<Body>>,
  wanted: (body: Body) => boolean,
  seconds = 120,
): Promise<Body> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const { status, body } = await ask();
    if (status < 300 && wanted(body)) return body;
    if (Date.now() > deadline)
      throw new Error(`${what} did not happen in ${seconds} s: ${status} ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
