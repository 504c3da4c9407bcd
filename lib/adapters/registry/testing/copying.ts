import { beforeAll, describe, expect } from "vitest";
import { digestOf, OCI_MANIFEST } from "../manifest.ts";
import { cosignTag } from "../referrers.ts";
import { bytesOf, type Check, type Place, type Stored } from "./world.ts";

/** Images on their way between repositories, and between registries in both directions. */
export function copyingCases(place: Place, other: Place, check: Check): void {
  const { registry, repository } = place;
  let image: Stored;
  beforeAll(async () => {
    image = await place.image("copied", "copied");
    await other.image("copied", "copied");
  });
  const from = (digest = image.digest) => ({ repository, digest });
  const to = (name: string) => ({ repository: `${repository}/${name}`, tag: "1" });

  describe("a copy within the registry", () => {
    check([], "mounts its blobs, and sends nothing", async () => {
      const done = await registry.copyFrom(registry, { from: from(), to: to("mounted") });
      expect(done).toMatchObject({ digest: image.digest, sentBytes: 0 });
      expect(done.mountedBytes + done.presentBytes).toBeGreaterThan(0);
      expect(await registry.resolve({ repository: `${repository}/mounted`, reference: "1" })).toBe(
        image.digest,
      );
    });
    check([], "into the same repository is another tag", async () => {
      const done = await registry.copyFrom(registry, { from: from(), to: { repository, tag: "same" } });
      expect(done).toMatchObject({ sentBytes: 0, mountedBytes: 0 });
      expect(await registry.resolve({ repository, reference: "same" })).toBe(image.digest);
    });
    check([], "of what is not there is missing, and leaves no tag", async () => {
      const none = from(digestOf(Buffer.from("none")));
      const copied = registry.copyFrom(registry, { from: none, to: to("none") });
      await expect(copied).rejects.toMatchObject({ failure: "missing" });
      expect(await registry.tags(`${repository}/none`)).toEqual([]);
    });
  });

  describe("a copy from another registry", () => {
    const taken = () => ({ repository: other.repository, digest: image.digest });
    check([], "sends every byte once, and counts it", async () => {
      let counted = 0;
      const onSent = (bytes: number) => {
        counted += bytes;
      };
      const done = await registry.copyFrom(other.registry, { from: taken(), to: to("sent") }, { onSent });
      const summary = await registry.inspect({ repository: `${repository}/sent`, reference: "1" });
      expect(summary?.digest).toBe(image.digest);
      expect(done.sentBytes).toBe(counted);
      expect(done.sentBytes + done.presentBytes).toBe(summary?.sizeBytes);
    });
    check([], "done again sends nothing", async () => {
      const places = { from: taken(), to: to("twice") };
      await registry.copyFrom(other.registry, places);
      expect((await registry.copyFrom(other.registry, places)).sentBytes).toBe(0);
    });
    check([], "that is given up before it begins leaves no tag", async () => {
      const signal = AbortSignal.abort();
      const copied = registry.copyFrom(other.registry, { from: taken(), to: to("given-up") }, { signal });
      await expect(copied).rejects.toThrow();
      expect(await registry.tags(`${repository}/given-up`)).toEqual([]);
    });
    check([], "takes large layers as they are", async () => {
      const bytes = Buffer.alloc(8 * 1024 * 1024, "large");
      const layer = await other.blob("application/octet-stream", bytes);
      const large = await other.image("large", "large", { layers: [layer] });
      const places = { from: { repository: other.repository, digest: large.digest }, to: to("large") };
      expect((await registry.copyFrom(other.registry, places)).sentBytes).toBeGreaterThanOrEqual(
        bytes.length,
      );
      const back = { repository: `${repository}/large`, digest: layer.digest };
      expect((await bytesOf(await registry.openBlob(back))).equals(bytes)).toBe(true);
    });
  });

  describe("a copy to another registry", () => {
    check([], "takes an index with its images", async () => {
      const index = await place.index("all", [
        { ...image, platform: { os: "linux", architecture: "arm64" } },
      ]);
      const goal = { repository: `${other.repository}/out`, tag: "all" };
      const done = await other.registry.copyFrom(registry, { from: from(index.digest), to: goal });
      expect(done.digest).toBe(index.digest);
      const there = await other.registry.inspect({ repository: goal.repository, reference: "all" });
      expect(there?.platforms).toEqual([{ digest: image.digest, os: "linux", architecture: "arm64" }]);
      expect(await other.registry.resolve({ repository: goal.repository, reference: image.digest })).toBe(
        image.digest,
      );
    });
    check([], "takes what is signed beside it, by tag and by subject", async () => {
      const own = await place.image("signed", "signed");
      const tag = cosignTag(own.digest, ".sig");
      const signature = await place.image(tag, "a signature");
      const referrer = await place.image(null, "a referrer", { subject: own });
      await place.index(own.digest.replace(":", "-"), [referrer]);
      const goal = { repository: `${other.repository}/signed`, tag: "1" };
      await other.registry.copyFrom(registry, { from: from(own.digest), to: goal });
      const at = { repository: goal.repository, reference: tag };
      expect(await other.registry.resolve(at)).toBe(signature.digest);
      const listed = await other.registry.referrers({ repository: goal.repository, digest: own.digest });
      expect(listed).toMatchObject([{ digest: referrer.digest, mediaType: OCI_MANIFEST }]);
    });
  });
}
