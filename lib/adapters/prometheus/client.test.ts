import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AdapterError } from "#lib/errors.ts";
import { createPrometheus } from "./client.ts";

// Answers as Prometheus 2.42 gave them to these expressions.
const ANSWERS: Record<string, { status: number; body: string }> = {
  "vector(0.25)": {
    status: 200,
    body: '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1763704800.123,"0.25"]}]}}',
  },
  "1/0": {
    status: 200,
    body: '{"status":"success","data":{"resultType":"scalar","result":[1763704800.123,"+Inf"]}}',
  },
  absent: { status: 200, body: '{"status":"success","data":{"resultType":"vector","result":[]}}' },
  "sum(": {
    status: 400,
    body: '{"status":"error","errorType":"bad_data","error":"invalid parameter \\"query\\": 1:5: parse error: unclosed left parenthesis"}',
  },
  "m[5m]": {
    status: 200,
    body: '{"status":"success","data":{"resultType":"matrix","result":[]}}',
  },
  page: { status: 200, body: "<html>sign in</html>" },
  busy: { status: 503, body: '{"status":"error","errorType":"unavailable","error":"Service Unavailable"}' },
};
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => {
    body += part;
  });
  request.on("end", () => {
    const answer = ANSWERS[new URLSearchParams(body).get("query") ?? ""];
    if (request.url !== "/prom/api/v1/query" || request.method !== "POST" || !answer) {
      response.writeHead(302, { location: "/elsewhere" }).end();
      return;
    }
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/prom/`;
});
afterAll(() => server.close());

const failureOf = (query: string) =>
  createPrometheus({ url })
    .query(query)
    .then(
      () => null,
      (error) => error,
    );

test("samples of vectors and scalars", async () => {
  const metrics = createPrometheus({ url });
  expect(await metrics.query("vector(0.25)")).toEqual({ samples: [0.25] });
  expect(await metrics.query("1/0")).toEqual({ samples: [Number.POSITIVE_INFINITY] });
  expect(await metrics.query("absent")).toEqual({ samples: [] });
});

test("refusals say why, and what is no answer is said to be none", async () => {
  expect(await failureOf("sum(")).toMatchObject({
    failure: "invalid",
    message: expect.stringContaining("unclosed left parenthesis"),
  });
  expect(await failureOf("busy")).toMatchObject({ failure: "unreachable", retryable: true });
  expect(await failureOf("m[5m]")).toMatchObject({ failure: "broken" });
  expect(await failureOf("page")).toMatchObject({ failure: "broken" });
  expect(await failureOf("redirected")).toMatchObject({ failure: "invalid", status: 302 });
  const closed = createPrometheus({ url: "http://127.0.0.1:1" }).query("up");
  await expect(closed).rejects.toMatchObject({ failure: "unreachable" });
  const refused = createPrometheus({
    url: url.replace("127.0.0.1", "localhost"),
    lookup: (_host, _options, done) => done(new AdapterError("invalid", "not there"), []),
  }).query("vector(0.25)");
  await expect(refused).rejects.toMatchObject({ failure: "invalid", message: "not there" });
});
