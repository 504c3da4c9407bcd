import { expect } from "vitest";
import type { ImageRegistry } from "../../ports.ts";
import type { Check, Place } from "./world.ts";

/** One of each severity that the scanner of the sandbox knows, critical twice. */
export const VULNERABLE = {
  libexpat1: "2.5.0-1",
  libssl3: "3.0.13-1~deb12u1",
  libgnutls30: "3.7.9-2",
  coreutils: "9.1-1",
  tzdata: "2026b-0",
};
export const CLEAN = { libexpat1: "2.5.0-1+deb12u2", libssl3: "3.0.17-1~deb12u2" };

const LABEL = `refract-conformance-${crypto.randomUUID().slice(0, 8)}`;
const NONE = `sha256:${"e".repeat(64)}`;

/**
 * What every Harbor has to do beside what each registry does.
 * @param push puts an image with these packages of Debian there and answers its digest
 * @param scans whether its scanner is at work: not every installation has one
 */
export function harborCases(
  registry: ImageRegistry,
  place: Pick<Place, "repository">,
  check: Check,
  {
    push,
    scans,
  }: { push: (tag: string, packages: Record<string, string>) => Promise<string>; scans: boolean },
): void {
  const { repository } = place;
  const labelsOf = async (digest: string) =>
    (await registry.list(repository))?.find((one) => one.digest === digest)?.labels;

  check([], "Harbor lists what was pushed, newest first, with its tags", async () => {
    const [first, second] = [await push("a", CLEAN), await push("b", VULNERABLE)];
    const listed = await registry.list(repository);
    expect(listed?.map(({ digest }) => digest)).toEqual([second, first]);
    expect(listed?.map(({ tags }) => tags)).toEqual([["b"], ["a"]]);
    expect(listed?.[0]?.pushedAt).toBeInstanceOf(Date);
    expect(listed?.[0]?.sizeBytes).toBeGreaterThan(0);
  });
  check([], "Harbor lists nothing of a repository that is not there", async () => {
    expect(await registry.list(`${repository}-none`)).toEqual([]);
  });
  check([], "Harbor puts a label on once, and takes it off again", async () => {
    const digest = await push("labelled", CLEAN);
    expect(await registry.label({ repository, digest }, LABEL, true)).toBe(true);
    expect(await registry.label({ repository, digest }, LABEL, true)).toBe(true);
    expect(await labelsOf(digest)).toEqual([LABEL]);
    expect(await registry.label({ repository, digest }, LABEL, false)).toBe(true);
    expect(await registry.label({ repository, digest }, LABEL, false)).toBe(true);
    expect(await labelsOf(digest)).toEqual([]);
  });
  check([], "Harbor has no label for an image that is not there", async () => {
    expect(await registry.label({ repository, digest: NONE }, LABEL, true)).toBe(false);
    expect(await registry.label({ repository, digest: NONE }, LABEL, false)).toBe(false);
  });
  check([], "Harbor labels many images at the same time", async () => {
    const digests: string[] = [];
    for (const tag of ["m1", "m2", "m3", "m4"]) digests.push(await push(tag, CLEAN));
    const name = `${LABEL}-many`;
    const done = await Promise.all(
      digests.map((digest) => registry.label({ repository, digest }, name, true)),
    );
    expect(done).toEqual([true, true, true, true]);
    for (const digest of digests) expect(await labelsOf(digest)).toContain(name);
  });
  check([], "Harbor has no scan of an image that is not there", async () => {
    expect(await registry.scan({ repository, digest: NONE })).toBeNull();
  });
  check([], "Harbor answers what its scanner found, or that nobody scanned", async () => {
    const digest = await push("scanned", VULNERABLE);
    const scan = await registry.scan({ repository, digest });
    expect(["none", "running", "done", "failed"]).toContain(scan?.state);
    if (!scans) return;
    expect(scan?.counts).toMatchObject({ critical: 2, high: 1, medium: 1, low: 1 });
    expect(scan?.vulnerabilities[0]).toMatchObject({ severity: "critical", package: "libexpat1" });
    const clean = await registry.scan({ repository, digest: await push("clean", CLEAN) });
    expect(clean).toMatchObject({ state: "done", vulnerabilities: [] });
  });
  check([], "Harbor is recognised by the check", async () => {
    const findings = await registry.check({ wanted: [{ repository, digest: await push("checked", CLEAN) }] });
    expect(findings.find(({ code }) => code === "HARBOR_API")?.ok).toBe(true);
    expect(findings.map(({ code }) => code)).not.toContain("HARBOR_PROJECT");
  });
}
