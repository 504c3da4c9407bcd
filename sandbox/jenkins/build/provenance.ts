import { type ImageAbout, SLSA_PREDICATE } from "./about.ts";

const BUILD_TYPE = "https://refract.example/build/v1";

/** What an image was made of, by which build, as SLSA provenance v1 states it. Pure. */
export function slsaProvenance({ origin, base, image }: ImageAbout, finishedAt: Date): object {
  const uri = origin.gitUrl === "" ? null : `git+${origin.gitUrl}${origin.gitRef && `@${origin.gitRef}`}`;
  return {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: { image, release: origin.release, source: uri, ...origin.parameters },
      internalParameters: {},
      resolvedDependencies: [
        ...(uri === null ? [] : [{ uri, digest: { gitCommit: origin.commit } }]),
        ...(base === null
          ? []
          : [{ uri: `docker://${base.name}`, digest: { sha256: base.digest.slice("sha256:".length) } }]),
      ],
    },
    runDetails: {
      builder: { id: origin.builder },
      metadata: {
        invocationId: origin.attemptId || origin.buildUrl,
        startedOn: origin.startedAt.toISOString(),
        finishedOn: finishedAt.toISOString(),
      },
      byproducts: origin.buildUrl === "" ? [] : [{ name: "log", uri: `${origin.buildUrl}consoleText` }],
    },
  };
}

/** An in-toto statement that says `predicate` of exactly this image. Pure. */
export function statement(
  predicateType: string,
  image: { name: string; digest: string },
  predicate: object,
): Buffer {
  // Clients of SPDX attestations expect the older one, which says the same.
  const version = predicateType === SLSA_PREDICATE ? "v1" : "v0.1";
  return Buffer.from(
    JSON.stringify({
      _type: `https://in-toto.io/Statement/${version}`,
      predicateType,
      subject: [{ name: image.name, digest: { sha256: image.digest.slice("sha256:".length) } }],
      predicate,
    }),
  );
}
