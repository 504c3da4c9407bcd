import type { CallOptions, RegistryArtifact } from "../../ports.ts";
import { type HarborApi, placeOf } from "./api.ts";
import { artifactShape, type HarborArtifact } from "./shapes.ts";

/** Everything of a repository as Harbor has it, newest push first; null when there is no such repository. */
export async function artifactsOf(
  api: HarborApi,
  repository: string,
  options?: CallOptions,
): Promise<HarborArtifact[] | null> {
  const place = placeOf(repository);
  if (!place) return null;
  const query = "with_tag=true&with_label=true&with_immutable_status=true&sort=-push_time";
  return api.list(`${place.path}/artifacts?${query}`, artifactShape, options);
}

/** The same in the portal's words; a repository that nothing was pushed to has none. Throws AdapterError. */
export async function listArtifacts(
  api: HarborApi,
  repository: string,
  options?: CallOptions,
): Promise<RegistryArtifact[]> {
  const found = (await artifactsOf(api, repository, options)) ?? [];
  return found.map(({ digest, tags, push_time, labels, size }) => ({
    digest,
    tags: tags?.map(({ name }) => name) ?? [],
    pushedAt: push_time ?? null,
    labels: labels?.map(({ name }) => name) ?? [],
    sizeBytes: size ?? null,
  }));
}
