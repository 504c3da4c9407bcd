import { AdapterError } from "#lib/errors.ts";
import type { ImageReference } from "../ports.ts";
import { isDigest } from "./manifest.ts";

const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** What passes can be put into a path as it is. Throws AdapterError `invalid`. */
export function assertRepository(repository: string): void {
  if (!REPOSITORY.test(repository) || repository.length > 255)
    throw new AdapterError("invalid", `not a repository name: ${JSON.stringify(repository)}`);
}

/** A malformed digest does not reach registries that answer it with 500. Throws AdapterError `invalid`. */
export function assertImage({ repository, reference }: ImageReference): void {
  assertRepository(repository);
  if (!TAG.test(reference) && !isDigest(reference))
    throw new AdapterError("invalid", `not a tag or digest: ${JSON.stringify(reference)}`);
}

/** Throws AdapterError `invalid`. */
export function assertDigest(digest: string): void {
  if (!isDigest(digest)) throw new AdapterError("invalid", `not a digest: ${JSON.stringify(digest)}`);
}
