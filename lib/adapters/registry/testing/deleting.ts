import { describe, expect } from "vitest";
import type { Check, Place } from "./world.ts";

/** What the adapter makes of what somebody deleted behind its back. */
export function deletingCases(place: Place, check: Check): void {
  const { registry, repository, send } = place;
  const at = (reference: string) => ({ repository, reference });
  const path = (reference: string) => `/v2/${repository}/manifests/${reference}`;

  /** Null, and said so, where the registry deletes nothing. */
  async function remove(digest: string): Promise<number | null> {
    const { status } = await send("DELETE", path(digest));
    if (status !== 405) return status;
    console.info("not tested: this registry has deletes switched off (405)");
    return null;
  }

  describe("an image that is deleted", () => {
    check(["33"], "is deleted by its digest: by its tag may be refused", async () => {
      const image = await place.image("by-tag", "by tag");
      const { status } = await send("DELETE", path("by-tag"));
      const left = await registry.resolve(at(image.digest));
      expect([202, 400, 405]).toContain(status);
      expect(left).toBe(image.digest);
    });
    check(["34", "36"], "is gone under its digest and every tag", async () => {
      const image = await place.image("gone", "gone");
      await place.image("gone-too", "gone");
      if ((await remove(image.digest)) === null) return;
      for (const one of ["gone", "gone-too", image.digest])
        expect(await registry.resolve(at(one))).toBeNull();
    });
    check(["35"], "is not deleted again", async () => {
      const image = await place.image("again", "again");
      if ((await remove(image.digest)) !== null) expect(await remove(image.digest)).toBe(404);
    });
    check(["37"], "is no longer among the tags", async () => {
      const image = await place.image("short-lived", "short-lived");
      await place.image("longer-lived", "longer-lived");
      if ((await remove(image.digest)) === null) return;
      const tags = await registry.tags(repository);
      expect(tags).toContain("longer-lived");
      expect(tags).not.toContain("short-lived");
    });
    check(["38"], "leaves an index that promises it, and a copy of that says what is missing", async () => {
      const image = await place.image(null, "promised");
      const index = await place.index("promising", [image]);
      if ((await remove(image.digest)) === null) return;
      if ((await registry.resolve(at("promising"))) === null) return;
      expect(await registry.resolve(at("promising"))).toBe(index.digest);
      const to = { repository: `${repository}/half`, tag: "1.0" };
      const copied = registry.copyFrom(registry, { from: { repository, digest: index.digest }, to });
      await expect(copied).rejects.toMatchObject({ failure: "missing" });
      expect(await registry.tags(to.repository)).toEqual([]);
    });
    check(["39"], "may leave a repository without a tag, which is an empty list", async () => {
      for (const tag of await registry.tags(repository)) {
        const digest = await registry.resolve(at(tag));
        if (digest !== null && (await remove(digest)) === null) return;
      }
      expect(await registry.tags(repository)).toEqual([]);
    });
  });
}
