import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import type { Header } from "tar-stream";
import { pack } from "tar-stream";
import { afterAll, describe, expect, test } from "vitest";
import { unpackLayer } from "./layers.ts";

const base = mkdtempSync(join(tmpdir(), "layers-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let roots = 0;
function newRoot(): string {
  roots += 1;
  return join(base, String(roots), "rootfs");
}

async function unpack(
  root: string,
  entries: (Partial<Header> & { name: string; content?: string })[],
): Promise<void> {
  const tar = pack();
  for (const { content, ...header } of entries) tar.entry(header, content ?? "");
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  mkdirSync(root, { recursive: true });
  await unpackLayer(
    Readable.from(gzipSync(Buffer.concat(chunks))),
    "application/vnd.oci.image.layer.v1.tar+gzip",
    root,
  );
}

describe("a layer", () => {
  test("puts its files below the root; a later one removes by whiteout", async () => {
    const root = newRoot();
    await unpack(root, [
      { name: "app/one", content: "1" },
      { name: "app/two", content: "2" },
      { name: "lib/old", content: "x" },
    ]);
    await unpack(root, [
      { name: "app/.wh.one" },
      { name: "lib/.wh..wh..opq" },
      { name: "lib/new", content: "y" },
    ]);
    expect(existsSync(join(root, "app/one"))).toBe(false);
    expect(readFileSync(join(root, "app/two"), "utf8")).toBe("2");
    expect(existsSync(join(root, "lib/old"))).toBe(false);
    expect(readFileSync(join(root, "lib/new"), "utf8")).toBe("y");
  });

  test.each([
    ["a path that climbs out", [{ name: "../out", content: "x" }]],
    ["a link that climbs out", [{ name: "link", type: "symlink" as const, linkname: "../../out" }]],
    ["a hard link that climbs out", [{ name: "link", type: "link" as const, linkname: "../../out" }]],
  ])("is refused for %s", async (_name, entries) => {
    const root = newRoot();
    await expect(unpack(root, entries)).rejects.toThrow("leaves the image");
    expect(existsSync(join(root, "..", "out"))).toBe(false);
  });

  test("keeps an absolute link within the root", async () => {
    const root = newRoot();
    await unpack(root, [
      { name: "etc/real", content: "inside" },
      { name: "link", type: "symlink", linkname: "/etc/real" },
    ]);
    expect(readFileSync(join(root, "link"), "utf8")).toBe("inside");
  });
});
