import { stringify } from "yaml";
import { z } from "zod";
import type { Manifest } from "#lib/adapters/ports.ts";
import { ANNOTATION, OWN_ANNOTATIONS } from "./labels.ts";
import { isOurs } from "./managed-fields.ts";

const NOISE = ["managedFields", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink"];
/** Where `kubectl apply` of the old kind keeps a copy of the whole object, values and all. */
const CLIENT_SIDE = "kubectl.kubernetes.io/last-applied-configuration";
const versionsSchema = z.record(z.string(), z.number());

/** An object without what the server writes and without which deployment put it there. Pure. */
export function normalize(object: Manifest): Record<string, unknown> {
  const { status: _status, apiVersion, kind, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(([name]) => !NOISE.includes(name) && name !== "annotations");
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([name]) => !OWN_ANNOTATIONS.includes(name),
  );
  return {
    apiVersion,
    kind,
    metadata: {
      ...Object.fromEntries(kept),
      ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
    },
    // A server's own order may differ between a dry run and what is stored.
    ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Versions of the values in one of the portal's Secrets, as its annotation says; {} when it says nothing. */
export function liveSecretVersions(secret: Manifest): Record<string, number> {
  const text = secret.metadata.annotations?.[ANNOTATION.secretVersions];
  try {
    return versionsSchema.parse(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

/**
 * An object as people read it in a diff. Values of a Secret never appear: each is shown as its version, or as
 * unknown when what stands there is not the portal's.
 */
export const reviewText = (object: Manifest, secretVersions?: Record<string, number>): string =>
  yamlText(reviewObject(object, secretVersions));

/** The same as data. */
export const reviewObject = (object: Manifest, secretVersions?: Record<string, number>) =>
  normalize(object.kind === "Secret" ? maskedSecret(object, secretVersions) : object);

// Sorted: a server may write the same object in another order the next time, and that is no change.
export const yamlText = (value: Record<string, unknown>): string =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: true });

function maskedSecret(secret: Manifest, secretVersions?: Record<string, number>): Manifest {
  const { stringData: _never, metadata, ...rest } = secret;
  const versions = secretVersions ?? liveSecretVersions(secret);
  const names = Object.keys(secret.data === undefined ? versions : recordOf(secret.data)).sort();
  const word = (name: string) =>
    versions[name] === undefined || !isOurs(secret, `.data.${name}`)
      ? "(unknown)"
      : `(version ${versions[name]})`;
  const { [CLIENT_SIDE]: _quotes, ...annotations } = metadata.annotations ?? {};
  return {
    ...rest,
    metadata: { ...metadata, annotations },
    data: Object.fromEntries(names.map((name) => [name, word(name)])),
  };
}

const recordOf = (value: unknown): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
