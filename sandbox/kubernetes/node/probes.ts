import { get as httpGet } from "node:http";
import { connect } from "node:net";
import type { JsonObject } from "../json.ts";
import { isObject, numberAt, objectsAt, textAt } from "../json.ts";
import type { Exit } from "./process.ts";

export interface ProbeTarget {
  port: number;
  /** Runs a command in the container's surroundings. */
  exec: (argv: string[], timeoutMs: number) => Promise<Exit>;
}

export interface ProbeHooks {
  success: () => void;
  /** Called for every failed attempt; `final` once failureThreshold is reached. */
  failure: (message: string, final: boolean) => void;
}

/** Performs a probe again and again until stopped. Answers how to stop. */
export function runProbe(probe: JsonObject, target: ProbeTarget, hooks: ProbeHooks): () => void {
  const period = (numberAt(probe, "periodSeconds") ?? 10) * 1000;
  const wantedFailures = numberAt(probe, "failureThreshold") ?? 3;
  const wantedSuccesses = numberAt(probe, "successThreshold") ?? 1;
  let stopped = false;
  let failures = 0;
  let successes = 0;
  let timer: NodeJS.Timeout;
  const round = async () => {
    const problem = await attempt(probe, target);
    if (stopped) return;
    if (problem === undefined) {
      failures = 0;
      successes += 1;
      if (successes >= wantedSuccesses) hooks.success();
    } else {
      successes = 0;
      failures += 1;
      hooks.failure(problem, failures >= wantedFailures);
    }
    if (!stopped) timer = setTimeout(round, period);
  };
  timer = setTimeout(round, (numberAt(probe, "initialDelaySeconds") ?? 0) * 1000);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** One attempt; undefined is success, else the message of the Unhealthy event. */
function attempt(probe: JsonObject, target: ProbeTarget): Promise<string | undefined> {
  const timeout = (numberAt(probe, "timeoutSeconds") ?? 1) * 1000;
  if (isObject(probe.httpGet)) return httpAttempt(probe.httpGet, target.port, timeout);
  if (isObject(probe.tcpSocket)) return tcpAttempt(target.port, timeout);
  if (isObject(probe.exec)) {
    const command = probe.exec.command;
    const argv = Array.isArray(command) ? command.filter((part) => typeof part === "string") : [];
    return target
      .exec(argv, timeout)
      .then((exit) => (exit.code === 0 ? undefined : `command failed: ${exit.code}`));
  }
  return Promise.resolve(undefined);
}

function httpAttempt(probe: JsonObject, port: number, timeout: number): Promise<string | undefined> {
  const path = textAt(probe, "path") || "/";
  const headers: Record<string, string> = {
    "user-agent": "kube-probe/1.34",
    accept: "*/*",
    connection: "close",
  };
  for (const header of objectsAt(probe, "httpHeaders"))
    headers[textAt(header, "name")] = textAt(header, "value");
  const url = `http://127.0.0.1:${port}${path.startsWith("/") ? path : `/${path}`}`;
  return new Promise((resolve) => {
    const request = httpGet(url, { headers, timeout, agent: false }, (response) => {
      const code = response.statusCode ?? 0;
      response.resume();
      resolve(code >= 200 && code < 400 ? undefined : `HTTP probe failed with statuscode: ${code}`);
    });
    request.on("timeout", () => {
      request.destroy();
      resolve(`Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`);
    });
    request.on("error", (error) => resolve(`Get "${url}": ${dialProblem(error, port)}`));
  });
}

function tcpAttempt(port: number, timeout: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout });
    const finish = (problem: string | undefined) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on("connect", () => finish(undefined));
    socket.on("timeout", () => finish(`dial tcp 127.0.0.1:${port}: i/o timeout`));
    socket.on("error", (error) => finish(dialProblem(error, port)));
  });
}

function dialProblem(error: Error, port: number): string {
  const refused = "code" in error && error.code === "ECONNREFUSED";
  return refused ? `dial tcp 127.0.0.1:${port}: connect: connection refused` : error.message;
}
