import { AdapterError } from "#lib/errors.ts";
import type { CallOptions, GitCommit } from "../../ports.ts";
import type { ApiRef, GitApi } from "./git-api.ts";

/** A list asks for so many commits that it does not know; the others have no date and come last. */
const MAX_LOOKUPS = 100;
const AT_ONCE = 6;
const REMEMBERED = 5_000;

/** What refs point to, where the list of refs does not say it. Commits do not change: each is asked for once. */
export function createHeads(api: GitApi) {
  const remembered = new Map<string, GitCommit>();

  return {
    /** The commits of refs by their ids, as far as they can be known. */
    async complete(
      repository: string,
      refs: readonly ApiRef[],
      options: CallOptions,
    ): Promise<Map<string, GitCommit>> {
      const known = new Map<string, GitCommit>();
      const unknown = new Map<string, ApiRef>();
      for (const ref of refs) {
        const head = ref.head ?? remembered.get(`${repository} ${ref.commit}`);
        if (head) known.set(ref.commit, head);
        else unknown.set(ref.commit, ref);
      }
      const waiting = [...unknown.values()].slice(0, MAX_LOOKUPS);
      const work = async () => {
        for (let ref = waiting.shift(); ref; ref = waiting.shift()) {
          const head = await api.ref(repository, ref.kind, ref.name, options).catch((error: unknown) => {
            if (error instanceof AdapterError) return null;
            throw error;
          });
          // Moved between the two questions: the list is right about the id.
          if (head?.commit !== ref.commit) continue;
          known.set(ref.commit, head);
          if (remembered.size >= REMEMBERED) remembered.clear();
          remembered.set(`${repository} ${ref.commit}`, head);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return known;
    },
  };
}
