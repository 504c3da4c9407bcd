import { parseArgs } from "node:util";
import { OF_BUILDS } from "./names.ts";
import type { Result } from "./statistics.ts";

// Every measurement ends by itself; this is for a machine that hangs.
const LIMIT_MS = 30 * 60_000;
const { values } = parseArgs({
  options: { json: { type: "boolean" }, rounds: { type: "string" }, only: { type: "string" } },
});
const rounds = Number(values.rounds ?? 20);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds is a number of rounds of two pairs");
const only = values.only?.split(",");
const wanted = (name: string) => only === undefined || only.includes(name);
const say = (line: string) => process.stderr.write(`${line}\n`);

function show(result: Result): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const { name, unit, pairs, note, ...figures } = result;
  process.stdout.write(`\n${name} (${unit}, ${pairs} pairs)\n`);
  for (const [key, value] of Object.entries(figures)) process.stdout.write(`  ${key.padEnd(13)} ${value}\n`);
  process.stdout.write(`  ${note}\n`);
}

const overtime = setTimeout(() => {
  say("the bench took longer than half an hour");
  process.kill(process.pid, "SIGTERM");
}, LIMIT_MS);

const { makeProduct } = await import("./product.ts");
const product = await makeProduct(say, OF_BUILDS.some(wanted));
const cleanUps: (() => Promise<void>)[] = [];
let stopping: Promise<void> | undefined;
const stop = () => {
  stopping ??= (async () => {
    clearTimeout(overtime);
    for (const work of cleanUps) await work().catch((error) => say(String(error)));
    await product.stop();
  })();
  return stopping;
};
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void stop().then(() => process.exit(1)));
}
try {
  // The database's settings are read at the first import that needs them.
  Object.assign(process.env, product.settings);
  const { measure } = await import("./measure.ts");
  await measure({ product, rounds, wanted, show, say, cleanUp: (work) => cleanUps.unshift(work) });
} finally {
  await stop();
}
process.exit();
