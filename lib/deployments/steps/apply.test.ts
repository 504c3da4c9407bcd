import { describe, expect, test } from "vitest";
import type { Cluster, FieldConflict, Manifest } from "#lib/adapters/ports.ts";
import { sideBySide } from "./side-by-side.ts";
import { applyAllowed } from "./take-over.ts";

const manifest: Manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one" } };
const hpa = { field: ".spec.replicas", manager: "kube-controller-manager" };
const { signal } = new AbortController();

/** A cluster in which others own these fields. */
function owned(conflicts: FieldConflict[]) {
  const forced: boolean[] = [];
  const apply: Cluster["apply"] = async (object, options) => {
    forced.push(options?.force ?? false);
    return options?.force || conflicts.length === 0
      ? { ok: true, object, warnings: [] }
      : { ok: false, conflicts, message: "conflict" };
  };
  return { client: { apply }, forced };
}

describe("what the plan takes over", () => {
  test.each([
    ["nothing owned by others: no force", [], [hpa], [false], true, []],
    ["owned and taken over: by force", [hpa], [hpa], [false, true], true, [hpa]],
    ["owned and not in the plan: refused", [hpa], [], [false], false, []],
    ["by another manager than the plan says", [hpa], [{ ...hpa, manager: "kubectl" }], [false], false, []],
    ["one of two is not in the plan", [hpa, { ...hpa, field: ".spec.paused" }], [hpa], [false], false, []],
  ])("%s", async (_name, conflicts, takeOver, forces, ok, taken) => {
    const { client, forced } = owned(conflicts);
    const outcome = await applyAllowed(client, manifest, takeOver, { signal });
    expect([forced, outcome.ok, outcome.taken]).toEqual([forces, ok, taken]);
  });
});

describe("side by side", () => {
  const never = () => false;
  test("never more at once than said, results in order", async () => {
    let busy = 0;
    let most = 0;
    const results = await sideBySide(
      [5, 4, 3, 2, 1],
      2,
      async (item) => {
        busy += 1;
        most = Math.max(most, busy);
        for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
        busy -= 1;
        return item;
      },
      never,
    );
    expect([results, most]).toEqual([[5, 4, 3, 2, 1], 2]);
  });

  test("begins nothing after the first that gave up, and keeps what was under way", async () => {
    const begun: number[] = [];
    const results = await sideBySide(
      [1, 2, 3, 4],
      2,
      async (item) => {
        begun.push(item);
        return item;
      },
      (item) => item === 1,
    );
    expect([begun, results]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test("an error ends it after what is under way has ended", async () => {
    let ended = 0;
    const work = async (item: number) => {
      if (item === 1) throw new Error("no answer");
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      ended += 1;
    };
    await expect(sideBySide([1, 2, 3], 2, work, never)).rejects.toThrow("no answer");
    expect(ended).toBe(1);
  });
});
