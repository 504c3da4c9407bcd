import { expect, test, vi } from "vitest";
import { type Running, Supervisor } from "./supervisor.ts";

/** A process that ends when the test says so. */
function fake(pid: number): Running & { end(how: string): void; stopped: boolean } {
  let end: (how: string) => void = () => undefined;
  const exited = new Promise<string>((resolve) => {
    end = resolve;
  });
  const running = { pid, exited, end, stopped: false, stop: async () => undefined };
  return Object.assign(running, {
    stop: async () => {
      running.stopped = true;
      end("SIGTERM");
    },
  });
}

test("a process that dies is started again, and the ids stay true", async () => {
  const written: Record<string, number>[] = [];
  const supervisor = new Supervisor(
    (pids) => written.push(pids),
    () => undefined,
  );
  const lives = [fake(1), fake(2)];
  let started = 0;
  await supervisor.keep("web", async () => lives[started++] ?? fake(99));
  lives[0]?.end("SIGKILL");
  await vi.waitFor(() => expect(supervisor.pids()).toEqual({ web: 2 }), { timeout: 20_000 });
  expect(written).toEqual([{ web: 1 }, {}, { web: 2 }]);
  await supervisor.stop([["web"]]);
});

test("what was stopped is not started again, and groups end in order", async () => {
  const supervisor = new Supervisor(
    () => undefined,
    () => undefined,
  );
  const order: string[] = [];
  for (const name of ["database", "web"]) {
    const process = fake(1);
    const stop = async () => {
      order.push(name);
      await process.stop();
    };
    await supervisor.keep(name, async () => ({ ...process, stop }));
  }
  await supervisor.stop([["web"], ["database"]]);
  expect(order).toEqual(["web", "database"]);
  await expect(supervisor.keep("late", async () => fake(3))).rejects.toThrow("stopping");
});

test("a first start that fails is the caller's error", async () => {
  const supervisor = new Supervisor(
    () => undefined,
    () => undefined,
  );
  await expect(supervisor.keep("web", () => Promise.reject(new Error("no port")))).rejects.toThrow("no port");
});
