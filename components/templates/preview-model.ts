import type { PreviewDto } from "#lib/templates/schema.ts";

export type Preview = PreviewDto["items"][number];
export const CHECKS = ["render", "yaml", "policy"] as const;
export type Check = {
  name: (typeof CHECKS)[number];
  state: "ok" | "failed" | "waiting";
  problems: Preview["problems"];
};

const YAML_CODES = ["YAML_INVALID", "OBJECT_INVALID"];

/** The checks of one preview in order; what could not be reached because of an earlier failure waits. */
export function checksOf(preview: Preview): Check[] {
  const kind = (code: string) =>
    code === "RENDER_FAILED" ? "render" : YAML_CODES.includes(code) ? "yaml" : "policy";
  let stopped = false;
  return CHECKS.map((name) => {
    const problems = preview.problems.filter(({ code }) => kind(code) === name);
    const state = problems.length > 0 ? "failed" : stopped ? "waiting" : "ok";
    if (name === "render" && problems.length > 0) stopped = true;
    return { name, state, problems };
  });
}

/** Lines of the template that a preview calls wrong; the other problems speak of lines of the rendered text. */
export const templateLines = (previews: readonly Preview[]): number[] => [
  ...new Set(
    previews.flatMap(({ problems }) =>
      problems.flatMap(({ code, line }) => (code === "RENDER_FAILED" && line !== null ? [line] : [])),
    ),
  ),
];
export const renderedLines = (preview: Preview): number[] =>
  preview.problems.flatMap(({ code, line }) => (code !== "RENDER_FAILED" && line !== null ? [line] : []));
