import { join } from "node:path";
import type { JsonObject } from "../json.ts";
import { isObject, numberAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import type { Image } from "./images.ts";
import { LogFile } from "./log-file.ts";
import type { ProbeTarget } from "./probes.ts";
import { runProbe } from "./probes.ts";
import type { Exit, Running } from "./process.ts";
import { start } from "./process.ts";

/** What probing needs of a container, and changes in it. */
interface Probed {
  readonly name: string;
  readonly spec: JsonObject;
  readonly port: number | undefined;
  ready: boolean;
  started: boolean;
  event(type: "Normal" | "Warning", reason: string, message: string): void;
}
interface Around {
  pod: KubeObject;
  directory: string;
  changed: () => void;
}

interface Made {
  env: Record<string, string>;
  root: string;
  image: Image;
}

/** Starts what probes the container has; without a readiness probe it is ready at once. Answers how to stop. */
export function startProbes(container: Probed, around: Around, running: Running, made: Made): () => void {
  const stops: (() => void)[] = [];
  const target: ProbeTarget = {
    port: container.port ?? 0,
    exec: (argv, timeout) => runCommand(container, around, made, argv, timeout),
  };
  const grace = (numberAt(around.pod, "spec", "terminationGracePeriodSeconds") ?? 30) * 1000;
  const deadly = (name: string, probe: JsonObject, success: () => void) =>
    runProbe(probe, target, {
      success,
      failure: (message, final) => {
        container.event("Warning", "Unhealthy", `${name} probe failed: ${message}`);
        if (!final) return;
        const kind = name.toLowerCase();
        container.event(
          "Normal",
          "Killing",
          `Container ${container.name} failed ${kind} probe, will be restarted`,
        );
        for (const stop of stops) stop();
        running.signal("SIGTERM");
        const timer = setTimeout(() => running.signal("SIGKILL"), grace);
        running.exit.finally(() => clearTimeout(timer));
      },
    });
  const afterStartup = () => {
    container.started = true;
    const { readinessProbe, livenessProbe } = container.spec;
    if (isObject(livenessProbe)) stops.push(deadly("Liveness", livenessProbe, () => {}));
    if (!isObject(readinessProbe)) setReady(container, around, true);
    else {
      stops.push(
        runProbe(readinessProbe, target, {
          success: () => setReady(container, around, true),
          failure: (message, final) => {
            container.event("Warning", "Unhealthy", `Readiness probe failed: ${message}`);
            if (final) setReady(container, around, false);
          },
        }),
      );
    }
  };
  const { startupProbe } = container.spec;
  if (isObject(startupProbe)) {
    const stop = deadly("Startup", startupProbe, () => {
      stop();
      if (!container.started) afterStartup();
      around.changed();
    });
    stops.push(stop);
  } else afterStartup();
  return () => {
    for (const stop of stops) stop();
  };
}

function setReady(container: Probed, around: Around, ready: boolean): void {
  if (container.ready === ready) return;
  container.ready = ready;
  around.changed();
}

/** Runs a probe's command beside the container; a command that takes too long counts as failed. */
async function runCommand(
  container: Probed,
  around: Around,
  made: Made,
  argv: string[],
  timeout: number,
): Promise<Exit> {
  const home = join(around.directory, container.name);
  const log = new LogFile(join(home, "probe.log"), true);
  const running = start({
    argv,
    root: made.root,
    workingDir: made.image.workingDir,
    env: made.env,
    log,
    pidFile: join(home, "probe-pid.json"),
  });
  const timer = setTimeout(() => running.signal("SIGKILL"), timeout);
  const exit = await running.exit;
  clearTimeout(timer);
  return exit;
}
