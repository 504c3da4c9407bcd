import { expect, test } from "vitest";
import { together } from "./together.ts";

const { signal } = new AbortController();

/** A look that ends when it is told to. */
function held() {
  let end = (_wait: number | null) => {};
  const ended = new Promise<number | null>((resolve) => {
    end = resolve;
  });
  return { look: () => ended, end };
}

test("a target is looked at again while another one keeps silent", async () => {
  const silent = held();
  let looks = 0;
  const quick = async () => {
    looks += 1;
    if (looks === 3) silent.end(3);
    return looks > 4 ? null : 0.01;
  };
  const waits = await together([silent.look, quick], signal);
  expect(looks).toBeGreaterThanOrEqual(3);
  expect(waits[0]).toBe(3);
});

test("alone, and for a long wait, it looks once", async () => {
  let looks = 0;
  const look = (wait: number) => async () => {
    looks += 1;
    return wait;
  };
  expect(await together([look(1)], signal)).toEqual([1]);
  const silent = held();
  const both = together([silent.look, look(60)], signal);
  await Promise.resolve();
  silent.end(null);
  expect(await both).toEqual([null, 60]);
  expect(looks).toBe(2);
});

test("one that fails does not leave another one running", async () => {
  const slow = held();
  let failed = false;
  const fail = async () => {
    failed = true;
    throw new Error("conflict");
  };
  const both = together([fail, slow.look], signal).catch((error: Error) => error.message);
  let over = false;
  void both.then(() => {
    over = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([failed, over]).toEqual([true, false]);
  slow.end(1);
  expect(await both).toBe("conflict");
});
