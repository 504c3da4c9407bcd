import { useQueries, useQuery } from "@tanstack/react-query";
import type { CommitDto } from "#lib/releases/schema.ts";
import { commitsQuery } from "#lib/sources/client.ts";
import { type Beyond, beyond, contains, type History } from "./beyond.ts";
import type { Draft } from "./draft.ts";
import type { FormComponent, OpenOrder } from "./form-data.ts";

/** Enough to meet the running version of anything that is released at times. */
const LIMIT = 200;

export type Content = {
  component: FormComponent;
  ref: string;
  loading: boolean;
  /** Undefined while loading, and when there is no such ref or Git does not answer. */
  head?: CommitDto;
  failed: boolean;
  running: string | null;
  beyond?: Beyond;
  /** Other orders, and whether the chosen code has theirs; undefined: not known. */
  overlaps: (OpenOrder & { contained: boolean | undefined })[];
};

const historyOf = (page: { items: CommitDto[]; nextCursor: string | null }): History => ({
  commits: page.items,
  more: page.nextCursor !== null,
});

/** What the picked refs would bring, against what runs in `environment`, asked of the real repositories. */
export function useContents(
  project: string,
  components: readonly FormComponent[],
  refs: Draft["refs"],
  environment: string,
): Content[] {
  const picked = components.filter(({ key }) => refs[key] !== undefined);
  const runningOf = (component: FormComponent) =>
    component.versions.find((version) => version.environment === environment)?.commit ?? null;
  const chosen = useQueries({
    queries: picked.map(({ key }) =>
      commitsQuery({ project, component: key }, { ref: refs[key], limit: LIMIT }),
    ),
  });
  const bases = useQueries({
    queries: picked.map((component) => {
      const running = runningOf(component);
      return {
        ...commitsQuery({ project, component: component.key }, { ref: running ?? undefined, limit: LIMIT }),
        enabled: running !== null,
      };
    }),
  });
  return picked.map((component, index): Content => {
    const to = chosen[index];
    const from = bases[index];
    const running = runningOf(component);
    const history = to?.data && historyOf(to.data);
    const base = running === null ? null : from?.data && historyOf(from.data);
    return {
      component,
      ref: refs[component.key] ?? "",
      loading: to?.isPending === true || (running !== null && from?.isPending === true),
      head: history?.commits[0],
      failed: to?.isError === true,
      running,
      beyond: history !== undefined && base !== undefined ? beyond(history, base) : undefined,
      overlaps: component.open.map((order) => ({
        ...order,
        contained: history && order.commit !== null ? contains(history, order.commit) : undefined,
      })),
    };
  });
}

/** The newest commit of the component's default ref. */
export function useLastCommit(project: string, component: string) {
  return useQuery(commitsQuery({ project, component }, { limit: 1 }));
}
