import { describe, expect, test } from "vitest";
import type { Reason } from "./reason-schema.ts";
import { type ImageUse, wantedImages } from "./wanted.ts";

const registries = [
  { id: "main", host: "registry.test:5000" },
  { id: "prod", host: "prod.test" },
];
const reason = (over: Partial<Reason> = {}): Reason => ({
  reason: "runs",
  project: "quotes",
  component: "quote-api",
  environment: "PROD",
  release: "R1",
  ...over,
});
const use = (over: Partial<ImageUse> = {}): ImageUse => ({
  ...reason(),
  image: "registry.test:5000/quotes/quote-api:R1",
  digest: "sha256:a",
  ...over,
});
const pushed = {
  project: "quotes",
  component: "quote-api",
  digest: "sha256:a",
  registryId: "main",
  repository: "quotes/quote-api",
};

describe("images that are kept", () => {
  test("none are needed: none are kept", () => {
    expect(wantedImages([], [pushed], registries)).toEqual([]);
  });

  test("one that several need has each of them as a reason, the strongest first, none twice", () => {
    const rollback = { reason: "rollback" as const, environment: "STAGING" };
    const [kept, ...rest] = wantedImages(
      [use(rollback), use(), use(), use({ release: "R0" })],
      [],
      registries,
    );
    expect(rest).toEqual([]);
    expect(kept).toEqual({
      registryId: "main",
      repository: "quotes/quote-api",
      digest: "sha256:a",
      reasons: [reason({ release: "R0" }), reason(), reason(rollback)],
    });
  });

  test("a copy keeps what it was copied from, and the other way round", () => {
    const inProd = use({ image: "prod.test/quotes/quote-api:R1" });
    expect(wantedImages([inProd], [pushed], registries).map(({ registryId }) => registryId)).toEqual([
      "main",
      "prod",
    ]);
    const copied = { ...pushed, registryId: "prod" };
    expect(wantedImages([use()], [pushed, copied], registries)).toHaveLength(2);
  });

  test("the same content of another component is another image", () => {
    const other = { ...pushed, component: "order-gateway", repository: "quotes/order-gateway" };
    expect(wantedImages([use()], [other], registries)).toHaveLength(1);
  });

  test("an image of a registry that is not registered is left out, its known places are not", () => {
    const elsewhere = use({ image: "elsewhere.test/quotes/quote-api:R1" });
    expect(wantedImages([elsewhere], [], registries)).toEqual([]);
    expect(wantedImages([elsewhere], [pushed], registries)).toHaveLength(1);
  });

  test("the order does not depend on that of the uses", () => {
    const uses = [
      use({ digest: "sha256:b" }),
      use(),
      use({ image: "registry.test:5000/a/b:1" }),
      use({ environment: null, reason: "flow" }),
    ];
    const once = wantedImages(uses, [], registries);
    expect(wantedImages(uses.toReversed(), [], registries)).toEqual(once);
    expect(once.map(({ repository, digest }) => `${repository}@${digest}`)).toEqual([
      "a/b@sha256:a",
      "quotes/quote-api@sha256:a",
      "quotes/quote-api@sha256:b",
    ]);
  });
});
