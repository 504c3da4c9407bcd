import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { stringify } from "yaml";
import { ownCertificate } from "./certificate.ts";
import { startControllers } from "./controllers/start.ts";
import { Node } from "./node/node.ts";
import { Registry } from "./registry.ts";
import { kinds } from "./resources.ts";
import type { Api } from "./routes.ts";
import { handle } from "./routes.ts";
import { Store } from "./store.ts";
import { tokenUsers } from "./users.ts";

export interface KubernetesOptions {
  /** 0 takes a free port. */
  port: number;
  /** Objects, images and pod files live here; a restart finds them again. */
  dataDir: string;
  /** Name of the cluster and of its context in the kubeconfig. */
  name: string;
  adminToken: string;
  /** A second token, for user `deployer` of group `deployers`, with the rights that stored RoleBindings give. */
  restrictedToken?: string;
  /** Added to the environment of every container. */
  podEnvironment?: Record<string, string>;
}

export interface RunningKubernetes {
  /** `https://127.0.0.1:<port>`; plain HTTP is answered on the same port. */
  url: string;
  port: number;
  /** A kubeconfig (YAML) with one context, named as the cluster, for the administrator. */
  kubeconfig: string;
  /** Ends the pods' processes and the server; objects stay on disk. */
  close: () => Promise<void>;
}

/** Starts a loopback Kubernetes API server with controllers and a node that runs pods as processes of this host. */
export async function startKubernetes(options: KubernetesOptions): Promise<RunningKubernetes> {
  const store = new Store(options.dataDir);
  const registry = new Registry(store);
  const node = new Node(registry, options.dataDir, options.podEnvironment ?? {});
  const closing = new AbortController();
  const users = tokenUsers(options.adminToken, options.restrictedToken);
  const api: Api = { registry, node, users, closing: closing.signal };
  const certificate = ownCertificate(options.dataDir);
  const plain = createHttp((request, response) => void handle(api, request, response));
  const secure = createHttps(certificate, (request, response) => void handle(api, request, response));
  for (const web of [plain, secure]) {
    web.keepAliveTimeout = 60_000;
    web.requestTimeout = 0;
  }
  const sockets = new Set<Socket>();
  // One port for both: a TLS handshake starts with the byte 22, no HTTP request does.
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => {
      const first: Buffer | null = socket.read();
      if (!first) return;
      socket.unshift(first);
      (first[0] === 22 ? secure : plain).emit("connection", socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  const url = `https://127.0.0.1:${port}`;
  bootstrap(registry, port);
  node.start();
  const stopControllers = startControllers(registry);
  return {
    url,
    port,
    kubeconfig: kubeconfig(options.name, url, options.adminToken, certificate.cert),
    close: async () => {
      stopControllers();
      closing.abort();
      await node.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** What every cluster has from the start. */
function bootstrap(registry: Registry, port: number): void {
  const write = { manager: "kube-apiserver" };
  for (const name of ["default", "kube-node-lease", "kube-public", "kube-system"]) {
    if (registry.store.get(kinds.namespaces, "", name)) continue;
    registry.create(kinds.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } }, write);
  }
  if (registry.store.get(kinds.services, "default", "kubernetes")) return;
  const labels = { component: "apiserver", provider: "kubernetes" };
  registry.create(
    kinds.services,
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kubernetes", namespace: "default", labels },
      spec: {
        clusterIP: "10.96.0.1",
        ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
      },
    },
    write,
  );
}

function kubeconfig(name: string, server: string, token: string, authority: string): string {
  const data = Buffer.from(authority).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server, "certificate-authority-data": data } }],
    users: [{ name: `${name}-admin`, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: `${name}-admin` } }],
  });
}
