import { type Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";

/** A request over an agent's kept connections, with nothing around it. Returns status, headers and body as text. */
export function exchange(
  url: URL,
  options: { agent: Agent; method: string; headers: IncomingHttpHeaders; body?: string },
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  const { agent, method, body } = options;
  const headers =
    body === undefined
      ? options.headers
      : { ...options.headers, "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === "https:" ? httpsRequest : httpRequest)(
      url,
      { agent, method, headers },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(parts).toString("utf8"),
          }),
        );
      },
    );
    outgoing.on("error", (error) => {
      // The server closed an idle connection just as it was taken: nothing was processed.
      const closed = outgoing.reusedSocket && "code" in error && error.code === "ECONNRESET";
      if (closed) exchange(url, options).then(resolve, reject);
      else reject(error);
    });
    outgoing.end(body);
  });
}
