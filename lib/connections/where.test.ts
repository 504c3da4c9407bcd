import { createServer, type RequestListener, type Server } from "node:http";
import { afterAll, expect, test, vi } from "vitest";
import { createGitApi } from "#lib/adapters/git/api/create.ts";
import { createJenkins } from "#lib/adapters/jenkins/server.ts";
import { createRegistryOfKind } from "#lib/adapters/registry/client.ts";
import { refuseForeignGit, refuseForeignServer } from "./refuse.ts";
import { guardSockets, serverNetworks } from "./where.ts";

const setting = vi.hoisted(() => ({ REFRACT_SERVER_NETWORKS: "", REFRACT_CLUSTER_NETWORKS: "default" }));
vi.mock("#lib/env.ts", () => ({ env: setting }));
const by = (servers: string, clusters = "default") =>
  Object.assign(setting, { REFRACT_SERVER_NETWORKS: servers, REFRACT_CLUSTER_NETWORKS: clusters });

const servers: Server[] = [];
async function serve(answer: RequestListener = (_, response) => response.end("{}")) {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(request.url ?? "");
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { heard, port, url: `http://127.0.0.1:${port}` };
}
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
guardSockets();
guardSockets();

test("servers may be where the setting says; without it, where clusters may and by default", () => {
  expect(by("", "10.0.0.0/8") && serverNetworks()).toMatchObject({ byDefault: true });
  expect(by("git.example.com") && serverNetworks()).toMatchObject({
    byDefault: false,
    hosts: ["git.example.com"],
  });
});

test("a connection to where no server may be gets no request, and the caller is told why", async () => {
  const { heard, port } = await serve();
  by("10.0.0.0/8");
  for (const host of ["127.0.0.1", "localhost"]) {
    const url = `http://${host}:${port}`;
    const refused = {
      failure: "invalid",
      retryable: false,
      message: expect.stringContaining("REFRACT_SERVER"),
    };
    const registry = createRegistryOfKind("oci", { url });
    await expect(registry.tags("app")).rejects.toMatchObject(refused);
    const api = createGitApi("gitea", url, "t0ken");
    await expect(api.identify({})).rejects.toMatchObject(refused);
    const jenkins = createJenkins({ url, username: "u", token: "t0ken", jobName: "j" });
    await expect(jenkins.check({ labels: [] })).resolves.toMatchObject([
      { code: "REACHABLE", ok: false, message: expect.stringContaining("REFRACT_SERVER_NETWORKS") },
    ]);
  }
  expect(heard).toEqual([]);
  by("127.0.0.0/8");
  expect((await fetch(`http://127.0.0.1:${port}/now`)).status).toBe(200);
  expect(heard).toEqual(["/now"]);
});

test("so does what a redirect leads to", async () => {
  by("127.0.0.0/8");
  const elsewhere = await serve();
  const first = await serve((_, response) => {
    // From now on nothing is allowed: the connection of the redirect is looked at by itself.
    by("10.0.0.0/8");
    response.writeHead(307, { location: `${elsewhere.url}/secret` }).end();
  });
  await expect(fetch(first.url)).rejects.toMatchObject({ cause: { failure: "invalid" } });
  expect([first.heard, elsewhere.heard]).toEqual([["/"], []]);
});

test.each([
  "https://169.254.169.254/app.git",
  "http://127.0.0.1:8080/app.git",
  "ssh://git@127.0.0.1/app.git",
  "ssh://127.1/app.git",
  "git@localhost:app.git",
  "git@metadata.google.internal:app.git",
])("%s is refused when it is saved", async (gitUrl) => {
  by("");
  await expect(refuseForeignGit(gitUrl)).rejects.toMatchObject({
    code: "INVALID_INPUT",
    blockers: [{ code: "SERVER_NETWORK_REFUSED", facts: { server: expect.stringContaining("ssh://") } }],
  });
  by("", "127.0.0.0/8, ::1, 169.254.0.0/16");
  if (!gitUrl.includes("metadata")) await refuseForeignGit(gitUrl);
});

test("what clusters may not be is told by its own code", async () => {
  by("", "10.0.0.0/8");
  await expect(refuseForeignServer("cluster", "https://10.1.2.3")).resolves.toBeUndefined();
  await expect(refuseForeignServer("cluster", "https://192.168.1.1")).rejects.toMatchObject({
    blockers: [{ code: "CLUSTER_NETWORK_REFUSED" }],
  });
  await refuseForeignServer("server", "https://192.168.1.1");
});
