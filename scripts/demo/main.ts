import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../build.ts";
import { nextFreePort } from "../ports.ts";
import { migrate } from "../prisma/cli.ts";
import { claim } from "./claim.ts";
import { readTraces, removeTraces } from "./clusters.ts";
import { readOldDatabase, resetDatabase, startDatabase } from "./database.ts";
import { givenKubeconfig, keep } from "./kept.ts";
import { type Options, readOptions } from "./options.ts";
import { endLeftovers, MARK } from "./ours.ts";
import { portalEnvironment, startPortal } from "./portal.ts";
import { startSystems } from "./sandbox.ts";
import { seed } from "./seed.ts";
import { recordedPids, removeState, type State, writeState } from "./state.ts";
import { STOP_ORDER, Supervisor } from "./supervisor.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

async function resetClusters(options: Options): Promise<void> {
  const kubeconfig = await givenKubeconfig(options);
  if (kubeconfig === undefined) return;
  const traces = await readOldDatabase(options, readTraces);
  if (traces !== undefined && traces.places.length > 0) await removeTraces(kubeconfig, traces, say);
}

async function reset(options: Options): Promise<void> {
  // First, as the database knows what the demo put there.
  await resetClusters(options);
  await resetDatabase(options);
  for (const name of await readdir(options.dir)) {
    // Other demos of this clone live below the default one's folder.
    if (name.startsWith("port-") || name === "demo.pid") continue;
    await rm(join(options.dir, name), { recursive: true, force: true });
  }
  say("Everything that the demo had made is removed. / 已清除演示数据。");
}

function announce(state: State): void {
  const width = Math.max(...state.accounts.map(({ username }) => username.length));
  say(`\nRefract is ready / 已就绪:  ${state.url}\n`);
  say("Accounts / 演示账号（用户名  密码  角色）:");
  for (const { username, password, roles } of state.accounts) {
    say(`  ${username.padEnd(width)}  ${password}  ${roles.join(", ")}`);
  }
  say(`\nAddresses, API tokens / 地址与令牌:  ${join(state.dir, "state.json")}`);
  say(`Logs / 日志:  ${join(state.dir, "logs")}`);
  say("Ctrl-C stops everything. / 按 Ctrl-C 停止全部进程。\n");
}

async function run(options: Options, supervisor: Supervisor, signal: AbortSignal): Promise<State> {
  const left = await endLeftovers(options.dir, await recordedPids(options.dir));
  if (left > 0) say(`Ended ${left} process(es) that a killed demo had left. / 已清理上次遗留的进程。`);
  await removeState(options.dir);
  if (options.reset) await reset(options);
  if ((await nextFreePort(options.port)) !== options.port) {
    throw new Error(`Port ${options.port} is taken: PORT=3100 npm run demo / 端口 ${options.port} 已被占用`);
  }
  const kept = await keep(options);
  say("Starting the database and the sandbox servers ... / 正在启动数据库与沙箱服务 ...");
  const built = build({ signal, onStart: () => say("Building the portal ... / 正在构建门户 ...") });
  // Awaited below; a failure meanwhile must not count as unhandled.
  built.catch(() => undefined);
  const [databaseUrl, systems] = await Promise.all([
    startDatabase(options, kept.ports.postgres, supervisor),
    startSystems(options, kept, supervisor),
  ]);
  await migrate(databaseUrl);
  const settings = portalEnvironment(options, kept, databaseUrl);
  const seeded = await seed(options, systems, settings, kept.signingKey);
  await built;
  say("Starting the portal and its worker ... / 正在启动门户与执行器 ...");
  const url = await startPortal(options, settings, supervisor);
  return { url, ...seeded, ...systems, databaseUrl, dir: options.dir, pids: {} };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  const giveBack = await claim(options.dir);
  // Inherited by everything that is started here; this process itself does not show it.
  process.env[MARK] = options.dir;
  let state: State | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  const record = (pids: Record<string, number>) => {
    if (state === undefined) return;
    const now = { ...state, pids: { demo: process.pid, ...pids } };
    writing = writing.then(() => writeState(now)).catch((error) => say(String(error)));
  };
  const supervisor = new Supervisor(record, say);

  let stopping = false;
  const building = new AbortController();
  async function stop(code: number): Promise<void> {
    // A second Ctrl-C does not leave processes behind: stopping goes on.
    if (stopping) {
      say("Still stopping ... / 正在停止 ...");
      return;
    }
    stopping = true;
    building.abort();
    say("Stopping ... / 正在停止 ...");
    state = undefined;
    await supervisor.stop(STOP_ORDER);
    await endLeftovers(options.dir);
    await writing;
    await removeState(options.dir);
    await giveBack();
    say("Stopped. / 已停止。");
    process.exit(code);
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
  // The starter is gone (killed): nobody could send us a signal any more.
  process.once("disconnect", () => void stop(0));

  try {
    state = await run(options, supervisor, building.signal);
    record(supervisor.pids());
    await writing;
    announce(state);
  } catch (error) {
    if (stopping) return;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await stop(1);
  }
}

await main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
