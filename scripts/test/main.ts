import { parseArgs } from "node:util";
import { check, type Stage } from "./stage.ts";
import { STAGES } from "./stages.ts";

// Every check and test of the project, one line each. `npm test -- --only lint,types` runs a part.

function chosen(only: string | undefined): readonly Stage[] {
  if (only === undefined) return STAGES;
  const names = only.split(",");
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    throw new Error(`Unknown stage ${unknown}. There are: ${STAGES.map((stage) => stage.name).join(", ")}`);
  }
  return STAGES.filter((stage) => names.includes(stage.name));
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: "string" } } });
  const stages = chosen(values.only);
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interrupted.abort(`interrupted by ${signal}`));
  }
  process.once("disconnect", () => interrupted.abort("the command that started the tests is gone"));

  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, minutes, run } of stages) {
    if (interrupted.signal.aborted) break;
    const since = Date.now();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(`longer than ${minutes} minutes`), minutes * 60_000);
    const outcome = await run(AbortSignal.any([limit.signal, interrupted.signal])).catch((error) =>
      check(false, error instanceof Error ? `${error.stack}` : String(error)),
    );
    clearTimeout(timer);
    const { passed, failed, skipped, skips, output } = outcome;
    if (failed > 0) process.stdout.write(`\n${output.trim()}\n\n`);
    const seconds = ((Date.now() - since) / 1000).toFixed(1);
    const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
    process.stdout.write(`${failed > 0 ? "FAIL" : "ok  "} ${name.padEnd(12)} ${counts} (${seconds} s)\n`);
    for (const reason of skips) process.stdout.write(`       skipped: ${reason}\n`);
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  if (interrupted.signal.aborted) total.failed += 1;
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

process.exit(
  await main().catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.stdout.write("0 passed, 1 failed, 0 skipped\n");
    return 1;
  }),
);
