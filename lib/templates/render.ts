import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { canonicalJson } from "#lib/canonical-json.ts";
import { sha256 } from "#lib/crypto.ts";
import type { RenderContext } from "./context.ts";
import { WORKER_SOURCE } from "./worker-source.ts";

export type RenderJob = { source: string; context: RenderContext };
/** `line` is the template's, 1-based; null where none can be told. */
export type Rendered = { ok: true; text: string } | { ok: false; message: string; line: number | null };

const TIMEOUT_MS = 3_000;
const MAX_OUTPUT = 1024 * 1024;
const FUEL = 500_000;
/** WASM memory is outside the V8 heap; these bound what the worker's JavaScript may take. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

const answerSchema = z.union([
  z.object({ ok: z.literal(true), text: z.string() }),
  z.object({ ok: z.literal(false), tooLarge: z.boolean(), message: z.string() }),
]);
type Answer = z.infer<typeof answerSchema>;

/** Rendering depends on its job alone, and pages ask for the same plans again and again: the last texts are kept. */
const KEPT = 400;
const MAX_KEPT_LENGTH = 64 * 1024;
const kept = new Map<string, Rendered>();

function keep(key: string, rendered: Rendered): void {
  if (!rendered.ok || rendered.text.length > MAX_KEPT_LENGTH) return;
  kept.set(key, rendered);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}

/**
 * Renders templates one after another in a worker that is ended when one takes longer than 3 s. Values are written as
 * JSON (which is YAML), so that a value cannot become structure; undefined names are errors.
 * A failed job does not stop the others.
 * @param options.keep false for texts that nobody will ask for again
 * @param options.withinMs no job is begun later than this, milliseconds; left out, every one is
 */
export async function renderAll(
  jobs: readonly RenderJob[],
  options: { keep?: boolean; withinMs?: number } = {},
): Promise<Rendered[]> {
  const results: Rendered[] = [];
  const deadline = Date.now() + (options.withinMs ?? Number.POSITIVE_INFINITY);
  let worker: Worker | null = null;
  try {
    for (const job of jobs) {
      const key = sha256(canonicalJson(job));
      const known = kept.get(key);
      if (known) {
        results.push(known);
        continue;
      }
      if (Date.now() > deadline) {
        results.push({ ok: false, message: "not rendered in time", line: null });
        continue;
      }
      worker ??= startWorker();
      const { rendered, dead } = await renderIn(worker, job);
      results.push(rendered);
      if (options.keep ?? true) keep(key, rendered);
      if (!dead) continue;
      await worker.terminate();
      worker = null;
    }
    return results;
  } finally {
    await worker?.terminate();
  }
}

const startWorker = () =>
  new Worker(WORKER_SOURCE, {
    eval: true,
    env: {},
    resourceLimits: LIMITS,
    workerData: { from: join(process.cwd(), "package.json"), fuel: FUEL, maxOutput: MAX_OUTPUT },
  });

function renderIn(worker: Worker, job: RenderJob): Promise<{ rendered: Rendered; dead: boolean }> {
  return new Promise((resolve) => {
    const finish = (rendered: Rendered, dead: boolean) => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      resolve({ rendered, dead });
    };
    const failed = (message: string) => finish({ ok: false, message, line: null }, true);
    const onMessage = (message: unknown) => finish(toRendered(answerSchema.parse(message)), false);
    const onError = (error: unknown) => failed(error instanceof Error ? error.message : String(error));
    const onExit = () => failed("the template used too much memory");
    const timer = setTimeout(() => failed("the template took longer than 3 seconds"), TIMEOUT_MS);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(job);
  });
}

function toRendered(answer: Answer): Rendered {
  if (answer.ok) return answer;
  if (answer.tooLarge) return { ok: false, message: "the rendered text is larger than 1 MiB", line: null };
  const line = /\(in template\.yaml:(\d+)\)/.exec(answer.message)?.[1];
  const [first = ""] = answer.message.split("\n");
  const message = first.replace(/ \(in template\.yaml:\d+\)$/, "");
  return { ok: false, message, line: line ? Number(line) : null };
}
