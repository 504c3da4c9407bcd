import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect } from "vitest";
import { OCI_MANIFEST } from "../manifest.ts";
import { cosignTag } from "../referrers.ts";
import { preAuthenticated } from "../signature.ts";
// Made with cosign 2.6.5 and a throw-away key.
import signed from "./cosign.json" with { type: "json" };
import { type Check, OCI_CONFIG, type Place } from "./world.ts";

const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
const DSSE = "application/vnd.dsse.envelope.v1+json";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const SPDX = "https://spdx.dev/Document";
const IN_TOTO = "application/vnd.in-toto+json";

/** What is stored beside an image, and who vouches for it. */
export function provingCases(place: Place, check: Check): void {
  const { registry, repository } = place;
  const keys = [{ key: "build", publicKeyPem: signed.publicKey }];
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const own = { key: "own", publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString() };
  const image = { repository, digest: signed.image };

  async function attach(reference: string | null, layers: object[], over: object = {}) {
    const config = await place.blob(OCI_CONFIG, "{}");
    const content = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers, ...over };
    return place.manifest(reference, OCI_MANIFEST, content);
  }

  describe("evidence beside an image", () => {
    check([], "is none for an image that was only pushed", async () => {
      const { digest } = await place.image("unsigned", "unsigned");
      const evidence = await registry.evidence({ repository, digest }, keys);
      expect(evidence).toEqual({ signatures: [], sboms: [], provenance: [] });
    });
    check([], "is a signature of cosign, verified by its key and by no other", async () => {
      const payload = await place.blob(SIMPLE_SIGNING, signed.payload);
      const annotations = { "dev.cosignproject.cosign/signature": signed.signature };
      await attach(cosignTag(signed.image, ".sig"), [{ ...payload, annotations }]);
      const { signatures } = await registry.evidence(image, [...keys, own]);
      expect(signatures).toEqual([{ digest: payload.digest, verifiedBy: ["build"], problem: null }]);
      const stranger = await registry.evidence(image, [own]);
      expect(stranger.signatures).toMatchObject([{ verifiedBy: [], problem: "no_key" }]);
    });
    check([], "is what cosign attested: an SBOM, and how it was built", async () => {
      const layers: object[] = [];
      for (const [predicateType, envelope] of Object.entries(signed.envelopes)) {
        const layer = await place.blob(DSSE, envelope);
        layers.push({ ...layer, annotations: { predicateType } });
      }
      await attach(cosignTag(signed.image, ".att"), layers);
      const { sboms, provenance } = await registry.evidence(image, keys);
      expect(sboms).toMatchObject([{ format: "spdx", verifiedBy: ["build"] }]);
      expect(provenance).toMatchObject([
        { predicateType: "https://slsa.dev/provenance/v0.2", verifiedBy: ["build"] },
      ]);
    });
    check([], "is a bundle that names the image as its subject", async () => {
      const subject = await place.image("bundled", "bundled");
      const statement = Buffer.from(
        JSON.stringify({
          _type: "https://in-toto.io/Statement/v0.1",
          predicateType: SPDX,
          subject: [{ name: "app", digest: { sha256: subject.digest.slice("sha256:".length) } }],
          predicate: {},
        }),
      );
      const sig = sign("sha256", preAuthenticated(IN_TOTO, statement), privateKey).toString("base64");
      const dsseEnvelope = {
        payloadType: IN_TOTO,
        payload: statement.toString("base64"),
        signatures: [{ sig }],
      };
      const bundle = await place.blob(BUNDLE, JSON.stringify({ mediaType: BUNDLE, dsseEnvelope }));
      const referrer = await attach(null, [bundle], { artifactType: BUNDLE, subject });
      await place.index(subject.digest.replace(":", "-"), [{ ...referrer, artifactType: BUNDLE }]);
      const { sboms } = await registry.evidence({ repository, digest: subject.digest }, [own]);
      expect(sboms).toMatchObject([{ format: "spdx", digest: bundle.digest, verifiedBy: ["own"] }]);
    });
    check([], "that was made for another image vouches for nothing", async () => {
      const { digest } = await place.image("borrowed", "borrowed");
      const payload = await place.blob(SIMPLE_SIGNING, signed.payload);
      const annotations = { "dev.cosignproject.cosign/signature": signed.signature };
      await attach(cosignTag(digest, ".sig"), [{ ...payload, annotations }]);
      const { signatures } = await registry.evidence({ repository, digest }, keys);
      expect(signatures).toMatchObject([{ verifiedBy: [], problem: "other_digest" }]);
    });
    check([], "without a signature is shown as what it is", async () => {
      const { digest } = await place.image("listed", "listed");
      const sbom = await place.blob("text/spdx+json", '{"spdxVersion":"SPDX-2.3"}');
      await attach(cosignTag(digest, ".sbom"), [sbom]);
      const { sboms } = await registry.evidence({ repository, digest }, keys);
      expect(sboms).toEqual([{ format: "spdx", digest: sbom.digest, sizeBytes: sbom.size, verifiedBy: [] }]);
    });
    check([], "that names an image as its subject is listed", async () => {
      const subject = await place.image("subject", "subject");
      const referrer = await place.image(null, "names its subject", { subject });
      await place.index(subject.digest.replace(":", "-"), [referrer]);
      const listed = await registry.referrers({ repository, digest: subject.digest });
      expect(listed).toMatchObject([{ digest: referrer.digest, sizeBytes: referrer.size }]);
    });
  });
}
