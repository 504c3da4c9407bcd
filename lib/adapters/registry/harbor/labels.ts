import { AdapterError } from "#lib/errors.ts";
import type { CallOptions } from "../../ports.ts";
import { type HarborApi, placeOf } from "./api.ts";
import { artifactShape, labelShape, projectShape } from "./shapes.ts";

const COLOUR = "#4AAE4F";
const DESCRIPTION = "Set and taken off by Refract: an image in use";

/**
 * Labels of a project: created once, put on artifacts and taken off them. What is there already counts as done.
 */
export function createLabels(api: HarborApi) {
  const known = new Map<string, number>();

  async function find(project: string, name: string, options?: CallOptions) {
    const found = await api.get(`/projects/${encodeURIComponent(project)}`, projectShape, options);
    if (!found) return null;
    const query = new URLSearchParams({ scope: "p", project_id: String(found.project_id), name });
    // Harbor looks for labels whose name contains the text.
    const labels = (await api.list(`/labels?${query}`, labelShape, options)) ?? [];
    return { projectId: found.project_id, label: labels.find((label) => label.name === name) ?? null };
  }

  /** Null when there is no such project, or no such label and none is to be made. */
  async function idOf(project: string, name: string, make: boolean, options?: CallOptions) {
    const key = `${project} ${name}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const found = await find(project, name, options);
    if (!found) return null;
    let id = found.label?.id ?? null;
    if (id === null && make) {
      const label = {
        name,
        scope: "p",
        project_id: found.projectId,
        color: COLOUR,
        description: DESCRIPTION,
      };
      // Somebody may have made it meanwhile.
      await ignoring(["conflict"], api.send("POST", "/labels", label, options));
      id = (await find(project, name, options))?.label?.id ?? null;
    }
    if (id !== null) known.set(key, id);
    return id;
  }

  return async function label(
    image: { repository: string; digest: string },
    name: string,
    on: boolean,
    options?: CallOptions,
  ): Promise<boolean> {
    const place = placeOf(image.repository);
    if (!place) return false;
    const artifact = `${place.path}/artifacts/${image.digest}`;
    // Twice: an id that is remembered may be of a label that was deleted since.
    for (const last of [false, true]) {
      const id = await idOf(place.project, name, on, options);
      if (id !== null) {
        const done = on
          ? await ignoring(["conflict"], api.send("POST", `${artifact}/labels`, { id }, options))
          : await api.send("DELETE", `${artifact}/labels/${id}`, undefined, options);
        if (done !== null) return true;
      }
      // 404 is for the image, for the label, and for a label that is not on the image.
      const there = await api.get(`${artifact}?with_label=true&with_tag=false`, artifactShape, options);
      if (!there) return false;
      const carries = there.labels?.some((one) => one.name === name) ?? false;
      if (carries === on) return true;
      known.delete(`${place.project} ${name}`);
      if (last) throw new AdapterError("broken", `${api.what} does not change the label ${name}`);
    }
    return false;
  };
}

const THERE = Symbol("there");
async function ignoring<T>(failures: readonly string[], call: Promise<T>): Promise<T | typeof THERE> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AdapterError && failures.includes(error.failure)) return THERE;
    throw error;
  }
}
