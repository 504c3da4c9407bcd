import { randomBytes } from "node:crypto";
import { vi } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { AdapterError } from "#lib/errors.ts";
import type { Cluster, Manifest, ObjectRef } from "../../ports.ts";
import { type ClusterSettings, createCluster } from "../cluster.ts";
import { createTransport, type KubeRequest } from "../transport.ts";

/** What the suite needs to know of the server it is run against. */
export type Server = {
  /** Of an administrator. */
  kubeconfig: string;
  /** An image like `registry.k8s.io/e2e-test-images/agnhost`: serves HTTP for `netexec`, and has a shell. */
  image: string;
  /** A proxy before the server that loses what it is told to lose. */
  startLosing: (kubeconfig: string) => Promise<Losing>;
};
export type Losing = {
  kubeconfig: string;
  /** The next change reaches the server, but its answer is lost. */
  loseNextAnswer(): void;
  /** Breaks every connection there is. */
  close(): Promise<void>;
};

const TIMEOUT = 30_000;
const PATIENCE = { timeout: 120_000, interval: 250 };

/** Answer of a call that the port has no word for. */
export type Raw = { status: number; headers: Record<string, unknown>; body: unknown };

/** The server under test, namespaces of the suite's own with a random suffix, and what every case does with them. */
export function makeWorld(server: Server) {
  const suffix = randomBytes(4).toString("hex");
  const namespace = `refract-conformance-${suffix}`;
  const made: string[] = [];
  const connect = (settings: Partial<ClusterSettings> = {}): Cluster =>
    createCluster({ kubeconfig: server.kubeconfig, timeoutMs: TIMEOUT, ...settings });
  const cluster = connect();
  const transport = createTransport({ kubeconfig: server.kubeconfig, timeoutMs: TIMEOUT });
  const remember = (name: string): string => {
    made.push(name);
    return name;
  };
  return {
    ...server,
    namespace,
    cluster,
    other: connect({ fieldManager: "other-tool" }),
    connect,
    /** The name of a namespace that is not there; it is removed at the end should it come to be. */
    nameNamespace: (purpose: string): string => remember(`${namespace}-${purpose}`),
    /** A namespace for one case. */
    async makeNamespace(purpose: string, labels: Record<string, string> = {}): Promise<string> {
      const name = remember(`${namespace}-${purpose}`);
      await cluster.createNamespace(name, labels);
      return name;
    },
    async begin(): Promise<void> {
      await cluster.createNamespace(remember(namespace), { purpose: "conformance" });
    },
    async end(): Promise<void> {
      for (const name of made) await cluster.remove({ apiVersion: "v1", kind: "Namespace", name });
    },
    /** One request as it is, without a second try. */
    async ask(request: Omit<KubeRequest, "what">): Promise<Raw> {
      const answer = await transport.send({ ...request, what: "ask", repeatable: false });
      return { status: answer.status, headers: answer.headers, body: jsonOf(answer.body) };
    },
    /** The same server for somebody else; null is nobody. */
    as(token: string | null): Cluster {
      return connect({ kubeconfig: withToken(server.kubeconfig, token) });
    },
    /** Applies and answers what the server stored. */
    async applied(object: Manifest, by: Cluster = cluster): Promise<Manifest> {
      const outcome = await by.apply(object);
      if (!outcome.ok) throw new Error(outcome.message);
      return outcome.object;
    },
    /** Refuses an answer that is not there. */
    async found(ref: ObjectRef): Promise<Manifest> {
      const object = await cluster.get(ref);
      if (!object) throw new Error(`${ref.kind} ${ref.name} is not there`);
      return object;
    },
  };
}
export type World = ReturnType<typeof makeWorld>;

/** Waits until the assertions hold: what controllers do takes its time. */
export const eventually = <T>(look: () => Promise<T>): Promise<T> => vi.waitFor(look, PATIENCE);

/** How a call fails; one that succeeds is a failure of the case. */
export async function failureOf(call: Promise<unknown>): Promise<AdapterError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AdapterError) return error;
  throw new Error("the call did not fail as an adapter's does", { cause: error });
}

const kubeconfigShape = z.looseObject({
  users: z.array(z.looseObject({ name: z.string() })).default([]),
});
function withToken(kubeconfig: string, token: string | null): string {
  const config = kubeconfigShape.parse(parse(kubeconfig));
  const users = config.users.map(({ name }) => ({ name, user: token === null ? {} : { token } }));
  return stringify({ ...config, users });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
