import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { EventRecorder } from "../events.ts";
import type { JsonObject } from "../json.ts";
import { listAt, stringsAt, textAt } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { now } from "../objects.ts";
import { quantityValue } from "../quantity.ts";
import type { Store } from "../store.ts";
import { ConfigError, environmentOf, expand } from "./environment.ts";
import type { Image, ImageStore } from "./images.ts";
import { PullError } from "./images.ts";
import { LogFile } from "./log-file.ts";
import { freePort } from "./ports.ts";
import { startProbes } from "./probing.ts";
import type { Exit, Running } from "./process.ts";
import { endLeftover, start } from "./process.ts";
import { rootFor } from "./volumes.ts";

export interface Surroundings {
  store: Store;
  images: ImageStore;
  recorder: EventRecorder;
  pod: KubeObject;
  directory: string;
  extraEnv: Record<string, string>;
  /** Called after every change of a container's state. */
  changed: () => void;
}

const FIRST_BACKOFF = 1000;
const MAX_BACKOFF = 20_000;
/** A run this long makes the next failure count as the first again. */
const STEADY = 60_000;

/** One container of a pod: pulls, starts, probes, restarts, and knows its state in the words of the API. */
export class Container {
  readonly name: string;
  readonly spec: JsonObject;
  state: JsonObject = { waiting: { reason: "ContainerCreating" } };
  lastState: JsonObject = {};
  restartCount: number;
  ready = false;
  started = false;
  imageId = "";
  containerId = "";
  port: number | undefined;
  log: LogFile | undefined;
  exit: Exit | undefined;
  private readonly around: Surroundings;
  private running: Running | undefined;
  private stopped = false;
  private wake: (() => void) | undefined;

  constructor(around: Surroundings, spec: JsonObject, restartCount: number) {
    this.around = around;
    this.spec = spec;
    this.name = textAt(spec, "name");
    this.restartCount = restartCount;
  }

  /** Runs until the policy lets it rest or `stop` is called. Resolves with the last exit. */
  async run(policy: "Always" | "OnFailure" | "Never"): Promise<Exit | undefined> {
    let backoff = FIRST_BACKOFF;
    while (!this.stopped) {
      const image = await this.image();
      if (!image || this.stopped) break;
      const began = Date.now();
      const exit = await this.once(image);
      if (!exit || this.stopped) break;
      if (policy === "Never" || (policy === "OnFailure" && exit.code === 0)) return exit;
      if (Date.now() - began > STEADY) backoff = FIRST_BACKOFF;
      await this.crashed(backoff);
      backoff = Math.min(backoff * 2, MAX_BACKOFF);
    }
    return this.exit;
  }

  private async crashed(backoff: number): Promise<void> {
    const { pod } = this.around;
    this.lastState = this.state;
    const where = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
    this.set({
      waiting: {
        reason: "CrashLoopBackOff",
        message: `back-off ${backoff / 1000}s restarting failed container=${this.name} pod=${where}`,
      },
    });
    this.event("Warning", "BackOff", `Back-off restarting failed container ${this.name} in pod ${where}`);
    await this.sleep(backoff);
    this.restartCount += 1;
  }

  /** Pulls as often as it takes; undefined when stopped meanwhile. */
  private async image(): Promise<Image | undefined> {
    const { images } = this.around;
    const reference = textAt(this.spec, "image");
    let backoff = FIRST_BACKOFF;
    while (!this.stopped) {
      const cached = images.cached(reference);
      if (cached && this.spec.imagePullPolicy !== "Always") {
        this.event("Normal", "Pulled", `Container image "${reference}" already present on machine`);
        return cached;
      }
      if (this.spec.imagePullPolicy === "Never") {
        const message = `Container image "${reference}" is not present with pull policy of Never`;
        this.event("Warning", "ErrImageNeverPull", message);
        this.set({ waiting: { reason: "ErrImageNeverPull", message } });
        await this.sleep(MAX_BACKOFF);
        continue;
      }
      this.event("Normal", "Pulling", `Pulling image "${reference}"`);
      const began = Date.now();
      try {
        const image = await images.pull(reference);
        const took = `${Date.now() - began}ms`;
        const text = `Successfully pulled image "${reference}" in ${took} (${took} including waiting). Image size: ${image.size} bytes.`;
        this.event("Normal", "Pulled", text);
        return image;
      } catch (error) {
        await this.pullFailed(reference, error, backoff);
        backoff = Math.min(backoff * 2, MAX_BACKOFF);
      }
    }
    return undefined;
  }

  private async pullFailed(reference: string, error: unknown, backoff: number): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof PullError && error.invalid) {
      this.event("Warning", "InspectFailed", message);
      this.event("Warning", "Failed", "Error: InvalidImageName");
      this.set({ waiting: { reason: "InvalidImageName", message } });
      return this.sleep(MAX_BACKOFF);
    }
    this.event("Warning", "Failed", `Failed to pull image "${reference}": ${message}`);
    this.event("Warning", "Failed", "Error: ErrImagePull");
    this.set({ waiting: { reason: "ErrImagePull", message } });
    await this.sleep(backoff / 2);
    if (this.stopped) return;
    this.event("Normal", "BackOff", `Back-off pulling image "${reference}"`);
    this.event("Warning", "Failed", "Error: ImagePullBackOff");
    this.set({
      waiting: {
        reason: "ImagePullBackOff",
        message: `Back-off pulling image "${reference}": ErrImagePull: ${message}`,
      },
    });
    await this.sleep(backoff / 2);
  }

  /** One run of the program; undefined when the container could not even be configured. */
  private async once(image: Image): Promise<Exit | undefined> {
    const { around } = this;
    this.imageId = image.id;
    const home = join(around.directory, this.name);
    mkdirSync(home, { recursive: true });
    const pidFile = join(home, "pid.json");
    endLeftover(pidFile);
    this.port = await freePort();
    let env: Record<string, string>;
    let root: string;
    for (;;) {
      try {
        env = environmentOf(around.store, around.pod, this.spec, image.env);
        root = rootFor(around.store, around.pod, this.spec, image.root, home, around.directory);
        break;
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        this.set({ waiting: { reason: "CreateContainerConfigError", message: error.message } });
        this.event("Warning", "Failed", `Error: ${error.message}`);
        await this.sleep(2000);
        if (this.stopped) return undefined;
      }
    }
    Object.assign(env, around.extraEnv, { HOST: "127.0.0.1", PORT: String(this.port) });
    this.log = new LogFile(join(home, `${this.restartCount}.log`), true);
    const limit = quantityValue(stringsAt(this.spec, "resources", "limits").memory ?? "");
    const running = start({
      argv: this.argv(image, env),
      root,
      workingDir: textAt(this.spec, "workingDir") || image.workingDir,
      env,
      log: this.log,
      pidFile,
      ...(limit === undefined ? {} : { memoryLimit: limit }),
    });
    this.running = running;
    return this.watch(running, { env, root, image });
  }

  private async watch(
    running: Running,
    made: { env: Record<string, string>; root: string; image: Image },
  ): Promise<Exit> {
    const startedAt = now();
    this.containerId = `containerd://${this.around.pod.metadata.uid?.replaceAll("-", "")}${String(this.restartCount).padStart(32, "0")}`;
    let stopProbes = () => {};
    if (running.pid > 0) {
      this.event("Normal", "Created", `Created container: ${this.name}`);
      this.event("Normal", "Started", `Started container ${this.name}`);
      this.state = { running: { startedAt } };
      stopProbes = startProbes(this, this.around, running, made);
      this.around.changed();
    }
    const exit = await running.exit;
    stopProbes();
    this.running = undefined;
    this.exit = exit;
    this.ready = false;
    this.started = false;
    if (exit.failure !== undefined) this.event("Warning", "Failed", `Error: ${exit.failure}`);
    const ended = exit.outOfMemory ? "OOMKilled" : exit.code === 0 ? "Completed" : "Error";
    const reason = exit.failure !== undefined ? "StartError" : ended;
    this.set({
      terminated: {
        exitCode: exit.code,
        ...(exit.signal > 0 ? { signal: exit.signal } : {}),
        reason,
        ...(exit.failure === undefined ? {} : { message: exit.failure }),
        startedAt,
        finishedAt: now(),
        containerID: this.containerId,
      },
    });
    return exit;
  }

  private argv(image: Image, env: Record<string, string>): string[] {
    const texts = (key: string) => listAt(this.spec, key).filter((part) => typeof part === "string");
    const command = texts("command");
    const args = texts("args");
    const program = command.length > 0 ? command : image.entrypoint;
    // As in Docker: a command of the pod's own drops the image's arguments too.
    const rest = args.length > 0 ? args : command.length > 0 ? [] : image.cmd;
    return [...program, ...rest].map((part) => expand(part, env));
  }

  /** Ends the process (SIGTERM, then SIGKILL after the grace) without stopping the container for good. */
  async end(graceMs: number): Promise<void> {
    const { running } = this;
    if (!running) return;
    running.signal("SIGTERM");
    const timer = setTimeout(() => running.signal("SIGKILL"), graceMs);
    await running.exit;
    clearTimeout(timer);
    // Whatever the program left in its group goes with it.
    running.signal("SIGKILL");
  }

  /** Ends the container for good. */
  async stop(graceMs: number): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.end(graceMs);
  }

  event(type: "Normal" | "Warning", reason: string, message: string): void {
    if (this.stopped && reason !== "Killing") return;
    const fieldPath = `spec.containers{${this.name}}`;
    this.around.recorder.record(this.around.pod, { type, reason, message, fieldPath });
  }

  private set(state: JsonObject): void {
    this.state = state;
    this.around.changed();
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopped) this.wake();
    });
  }
}
