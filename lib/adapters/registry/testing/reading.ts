import { beforeAll, describe, expect } from "vitest";
import { ACCEPT, DOCKER_MANIFEST, digestOf, OCI_INDEX, OCI_MANIFEST } from "../manifest.ts";
import {
  bytesOf,
  type Check,
  CREATED,
  DIFF_ID,
  imageConfig,
  OCI_CONFIG,
  type Place,
  type Stored,
  stored,
} from "./world.ts";

const NONE = digestOf(Buffer.from("nothing"));

/** What is asked of a registry, and what is not there. */
export function readingCases(place: Place, check: Check): void {
  const { registry, repository, send, putManifest } = place;
  const at = (reference: string) => ({ repository, reference });
  const never = `${repository}/never`;
  let image: Stored;
  let docker: Stored;
  let index: Stored;
  beforeAll(async () => {
    image = await place.image("1.0", "reading");
    for (const tag of ["1.1", "latest"]) await place.image(tag, "reading");
    const config = { ...(await place.blob(OCI_CONFIG, imageConfig("reading"))) };
    config.mediaType = "application/vnd.docker.container.image.v1+json";
    const layer = await place.blob("application/vnd.docker.image.rootfs.diff.tar.gzip", "docker's layer");
    const layers = [layer];
    const content = { schemaVersion: 2, mediaType: DOCKER_MANIFEST, config, layers };
    docker = await place.manifest("1.0-docker", DOCKER_MANIFEST, content);
    const platform = { os: "linux", architecture: "amd64" };
    index = await place.index("1.0-index", [{ ...image, platform }]);
  });

  describe("a registry", () => {
    check(["01"], "answers a ping", () => registry.ping());
    check([], "checks well", async () => {
      expect((await registry.check()).filter(({ ok }) => !ok)).toEqual([]);
    });
    check([], "of the distribution API neither scans nor labels nor lists pushes", async () => {
      const one = { repository, digest: image.digest };
      expect(await registry.scan(one)).toBeNull();
      expect(await registry.label(one, "kept", true)).toBe(false);
      expect(await registry.list(repository)).toBeNull();
    });
  });

  describe("a repository that was never pushed", () => {
    check(["02"], "has no tags", async () => expect(await registry.tags(never)).toEqual([]));
    check(["03"], "resolves nothing", async () => {
      expect(await registry.resolve({ repository: never, reference: "1.0" })).toBeNull();
    });
    check(["04"], "has no manifest, and nothing to inspect", async () => {
      expect(await registry.manifest({ repository: never, reference: "1.0" })).toBeNull();
      expect(await registry.inspect({ repository: never, reference: "1.0" })).toBeNull();
    });
    check([], "has nothing beside an image", async () => {
      expect(await registry.referrers({ repository: never, digest: image.digest })).toEqual([]);
    });
  });

  describe("a tag", () => {
    check(["08", "11"], "resolves to the digest of what was pushed", async () => {
      expect(await registry.resolve(at("1.0"))).toBe(image.digest);
    });
    check(["12"], "is read as it was pushed, byte for byte", async () => {
      const found = await registry.manifest(at("1.0"));
      expect(found?.mediaType).toBe(OCI_MANIFEST);
      expect(digestOf(found?.body ?? Buffer.alloc(0))).toBe(image.digest);
      expect(found?.body.length).toBe(image.size);
    });
    check(["13"], "and its digest resolve alike", async () => {
      expect(await registry.resolve(at(image.digest))).toBe(image.digest);
    });
    check(["14"], "and its digest are read alike", async () => {
      expect((await registry.manifest(at(image.digest)))?.body.length).toBe(image.size);
    });
    check(["15"], "of an OCI image is found, which takes the right Accept", async () => {
      const bare = await send("HEAD", `/v2/${repository}/manifests/1.0`);
      expect([200, 404]).toContain(bare.status);
      expect(await registry.resolve(at("1.0"))).toBe(image.digest);
    });
    check(["16", "17", "18"], "is never said to be missing because of what was accepted", async () => {
      for (const accept of ["", DOCKER_MANIFEST, "*/*"]) {
        const bare = await send("GET", `/v2/${repository}/manifests/1.0`, { accept });
        expect([200, 404]).toContain(bare.status);
      }
      expect((await registry.inspect(at("1.0")))?.digest).toBe(image.digest);
    });
    check(["23"], "is read again whole, whatever the registry remembers", async () => {
      for (const _ of [1, 2]) expect((await registry.manifest(at("1.0")))?.digest).toBe(image.digest);
    });
    check(["24"], "that is missing resolves to nothing", async () => {
      expect(await registry.resolve(at("9.9"))).toBeNull();
    });
    check(["25"], "that is missing has no manifest", async () => {
      expect(await registry.manifest(at("9.9"))).toBeNull();
    });
    check(["26"], "may be asked by a digest that is not there", async () => {
      expect(await registry.manifest(at(NONE))).toBeNull();
      expect(await registry.resolve(at(NONE))).toBeNull();
    });
    check(["27"], "with a malformed digest is refused before it breaks a server", async () => {
      await expect(registry.manifest(at("sha256:1234"))).rejects.toMatchObject({ failure: "invalid" });
    });
    check(["28"], "of an upper-case name is refused", async () => {
      const asked = registry.resolve({ repository: repository.toUpperCase(), reference: "1.0" });
      await expect(asked).rejects.toMatchObject({ failure: "invalid" });
    });
    check([], "that is moved resolves to what it points to now", async () => {
      await place.image("moved", "before");
      const after = await place.image("moved", "after");
      expect(await registry.resolve(at("moved"))).toBe(after.digest);
    });
  });

  describe("an image", () => {
    check(["31"], "tells its labels, and when it was made", async () => {
      const summary = await registry.inspect(at("1.0"));
      expect(summary).toMatchObject({ labels: { name: "reading" }, createdAt: new Date(CREATED) });
    });
    check([], "tells its layers: what they hold, and which instruction made them", async () => {
      const summary = await registry.inspect(at("1.0"));
      const layer = { diffId: DIFF_ID, createdBy: "COPY reading /app", sizeBytes: "layer of reading".length };
      expect(summary?.layers).toMatchObject([layer]);
      expect(summary?.platforms).toEqual([]);
      expect(summary?.sizeBytes).toBe(imageConfig("reading").length + "layer of reading".length);
    });
    check(["09", "19"], "of Docker's type is read like any other", async () => {
      const found = await registry.inspect(at("1.0-docker"));
      expect(found).toMatchObject({ digest: docker.digest, mediaType: DOCKER_MANIFEST });
      expect(found?.labels.name).toBe("reading");
    });
    check(["20"], "of Docker's type keeps its digest, and is not turned into an older one", async () => {
      expect(await registry.resolve(at("1.0-docker"))).toBe(docker.digest);
    });
    check(["07"], "with a blob that is not there is not taken", async () => {
      const config = stored(OCI_CONFIG, "never sent");
      const content = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [] };
      const refused = await putManifest("broken", OCI_MANIFEST, JSON.stringify(content));
      expect([400, 404]).toContain(refused.status);
      expect(await registry.resolve(at("broken"))).toBeNull();
    });
  });

  describe("an index", () => {
    check(["10"], "keeps its own digest", async () => {
      expect(await registry.resolve(at("1.0-index"))).toBe(index.digest);
    });
    check(["21"], "tells its platforms, and has no layers", async () => {
      const summary = await registry.inspect(at("1.0-index"));
      expect(summary).toMatchObject({
        digest: index.digest,
        mediaType: OCI_INDEX,
        layers: [],
        sizeBytes: null,
      });
      const platform = { digest: image.digest, os: "linux", architecture: "amd64" };
      expect(summary?.platforms).toEqual([platform]);
    });
    check(["22"], "is asked for together with images", async () => {
      const alone = await send("GET", `/v2/${repository}/manifests/1.0-index`, { accept: OCI_MANIFEST });
      expect([200, 404]).toContain(alone.status);
      const both = await send("GET", `/v2/${repository}/manifests/1.0-index`, { accept: ACCEPT });
      expect(both.status).toBe(200);
    });
  });

  describe("tags", () => {
    check(["29", "30"], "are listed all, in any order and each once", async () => {
      const tags = await registry.tags(repository);
      expect(tags.toSorted()).toEqual(
        expect.arrayContaining(["1.0", "1.0-docker", "1.0-index", "1.1", "latest"]),
      );
      expect(new Set(tags).size).toBe(tags.length);
    });
  });

  describe("a blob", () => {
    check(["05", "06"], "is read as it was uploaded", async () => {
      const bytes = Buffer.alloc(3 * 1024 * 1024, "refract");
      const { digest } = await place.blob("application/octet-stream", bytes);
      expect((await bytesOf(await registry.openBlob({ repository, digest }))).equals(bytes)).toBe(true);
    });
    check(["32"], "that is not there is said to be missing", async () => {
      const opened = registry.openBlob({ repository, digest: NONE });
      await expect(opened).rejects.toMatchObject({ failure: "missing" });
    });
    check([], "under a digest that is not its own is refused", async () => {
      const begun = await send("POST", `/v2/${repository}/blobs/uploads/`);
      const there = new URL(begun.headers.get("location") ?? "", place.url);
      there.searchParams.set("digest", NONE);
      const put = await send("PUT", there.href, { body: "something", type: "application/octet-stream" });
      expect(put.status).toBe(400);
    });
  });
}
