import { z } from "zod";
import type { BuildLog } from "../log.ts";
import { type ImageAbout, repositoryOf, SLSA_PREDICATE, SPDX_PREDICATE } from "./about.ts";
import type { Descriptor } from "./base-image.ts";
import { MANIFEST_TYPE } from "./image.ts";
import { sha256 } from "./layer.ts";
import { slsaProvenance, statement } from "./provenance.ts";
import type { RegistryClient } from "./registry.ts";
import { spdxDocument } from "./sbom.ts";
import { envelope, IN_TOTO, type Signer, simpleSigning } from "./signer.ts";

const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
const EMPTY_TYPE = "application/vnd.oci.empty.v1+json";
const SPDX_TYPE = "application/spdx+json";
const DSSE_TYPE = "application/vnd.dsse.envelope.v1+json";
const SIGNING_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";
const SIGNATURE = "dev.cosignproject.cosign/signature";
const PREDICATE = "in-toto.io/predicate-type";

const annotations = z.record(z.string(), z.string()).optional();
const described = z.looseObject({ mediaType: z.string(), digest: z.string(), size: z.number(), annotations });
const indexSchema = z.looseObject({ manifests: z.array(described) });
const layersSchema = z.object({ layers: z.array(described) });

export interface Attachment {
  /** Of the image, in the registry of the client. */
  repository: string;
  subject: Descriptor;
  about: ImageAbout;
  /** Null: what is attached is not signed, and nothing else is. */
  signer: Signer | null;
}

/**
 * Puts beside a pushed image what it is made of (SPDX), where it comes from (SLSA), and, with a key, who vouches for it:
 * then both are attestations, and the image has a signature of cosign's kind.
 * @throws {BuildFailure} when the registry refuses
 */
export async function attachEvidence(
  client: RegistryClient,
  { repository, subject, about, signer }: Attachment,
  log: BuildLog,
): Promise<void> {
  const image = { name: repositoryOf(about.image), digest: subject.digest };
  const place = { repository, subject };
  const sbom = spdxDocument(about, subject.digest);
  const spdx =
    signer === null
      ? { type: SPDX_TYPE, content: Buffer.from(JSON.stringify(sbom)) }
      : { type: DSSE_TYPE, content: envelope(signer, statement(SPDX_PREDICATE, image, sbom)) };
  await refer(client, { ...place, ...spdx, predicateType: SPDX_PREDICATE });
  const origin = statement(SLSA_PREDICATE, image, slsaProvenance(about, new Date()));
  const slsa =
    signer === null
      ? { type: IN_TOTO, content: origin }
      : { type: DSSE_TYPE, content: envelope(signer, origin) };
  await refer(client, { ...place, ...slsa, predicateType: SLSA_PREDICATE });
  log.line(`Attached an SBOM (SPDX, ${about.files.length} files) and SLSA provenance`);
  if (signer === null) return;
  await signImage(client, place, simpleSigning(image.name, subject.digest), signer);
  log.line(`Signed ${subject.digest}`);
}

type Place = { repository: string; subject: Descriptor };

async function blob(client: RegistryClient, repository: string, mediaType: string, content: Buffer) {
  const digest = sha256(content);
  if (!(await client.hasBlob(repository, digest))) await client.pushBlob(repository, digest, content);
  return { mediaType, digest, size: content.length };
}

/** Pushes a document that names the image as its subject, and lists it where the registry does not do so itself. */
async function refer(
  client: RegistryClient,
  document: Place & { type: string; content: Buffer; predicateType: string },
): Promise<void> {
  const { repository, subject, type, predicateType } = document;
  const told = { [PREDICATE]: predicateType };
  const layer = await blob(client, repository, type, document.content);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      artifactType: type,
      config: await blob(client, repository, EMPTY_TYPE, Buffer.from("{}")),
      layers: [{ ...layer, annotations: told }],
      subject,
      annotations: told,
    }),
  );
  const digest = sha256(manifest);
  const target = { host: client.host, repository, reference: digest };
  const { listed } = await client.putManifest(target, MANIFEST_TYPE, manifest);
  if (listed) return;
  // A registry without the referrers API: an index under a tag of the digest stands in for it.
  const tag = subject.digest.replace(":", "-");
  const known = await client.findManifest({ repository, reference: tag }, INDEX_TYPE);
  const others = known === null ? [] : indexSchema.parse(JSON.parse(known.toString("utf8"))).manifests;
  const entry = {
    mediaType: MANIFEST_TYPE,
    digest,
    size: manifest.length,
    artifactType: type,
    annotations: told,
  };
  // A build that is repeated says the same again: only its last words stay.
  const kept = others.filter((one) => one.annotations?.[PREDICATE] !== predicateType);
  const index = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...kept, entry] };
  await client.putManifest({ ...target, reference: tag }, INDEX_TYPE, Buffer.from(JSON.stringify(index)));
}

/** Adds a signature to those under cosign's tag; one that this key made before is enough. */
async function signImage(
  client: RegistryClient,
  { repository, subject }: Place,
  payload: Buffer,
  signer: Signer,
): Promise<void> {
  const reference = `${subject.digest.replace(":", "-")}.sig`;
  const known = await client.findManifest({ repository, reference }, MANIFEST_TYPE);
  const others = known === null ? [] : layersSchema.parse(JSON.parse(known.toString("utf8"))).layers;
  const own = sha256(payload);
  const made = others.some(
    (layer) => layer.digest === own && signer.made(payload, layer.annotations?.[SIGNATURE] ?? ""),
  );
  if (made) return;
  const layer = await blob(client, repository, SIGNING_TYPE, payload);
  const layers = [...others, { ...layer, annotations: { [SIGNATURE]: signer.sign(payload) } }];
  const epoch = "0001-01-01T00:00:00Z";
  const config = Buffer.from(
    JSON.stringify({
      architecture: "",
      created: epoch,
      history: layers.map(() => ({ created: epoch })),
      os: "",
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
      config: {},
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: await blob(client, repository, "application/vnd.oci.image.config.v1+json", config),
    layers,
  };
  const target = { host: client.host, repository, reference };
  await client.putManifest(target, MANIFEST_TYPE, Buffer.from(JSON.stringify(manifest)));
}
