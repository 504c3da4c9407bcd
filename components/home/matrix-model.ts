import type { CellDto, MatrixProjectDto } from "#lib/home/schema.ts";

export type MatrixColumn = { key: string; name: string; kind: string; rank: number };
type Component = MatrixProjectDto["components"][number];

/** Every environment of the projects once, in order of rank. */
export function columnsOf(projects: readonly MatrixProjectDto[]): MatrixColumn[] {
  const columns = new Map<string, MatrixColumn>();
  for (const { environments } of projects) {
    for (const { key, name, kind, rank } of environments) columns.set(key, { key, name, kind, rank });
  }
  return [...columns.values()].sort((a, b) => a.rank - b.rank);
}

/** Environments run different versions of the component. */
export const differs = ({ cells }: Component): boolean =>
  new Set(cells.map(({ release }) => release)).size > 1;

const troubled = (cell: CellDto) => cell.marks.some(({ kind }) => kind === "failed");
/** Something failed somewhere. */
export const hasProblem = ({ cells }: Component): boolean => cells.some(troubled);

/** What a narrow cell shows of its marks: the first of each kind, with how many there are of it. */
export function marksByKind(marks: CellDto["marks"]): { mark: CellDto["marks"][number]; of: number }[] {
  return [...Map.groupBy(marks, ({ kind }) => kind).values()].flatMap(([mark, ...others]) =>
    mark === undefined ? [] : [{ mark, of: 1 + others.length }],
  );
}

export type MatrixFilter = { only: "all" | "differing" | "problems"; text: string; project: string };

/** The projects with the components that a filter leaves; a project without any is left out. */
export function filterMatrix(
  projects: readonly MatrixProjectDto[],
  filter: MatrixFilter,
): MatrixProjectDto[] {
  const text = filter.text.trim().toLowerCase();
  const fits = (component: Component) =>
    (filter.only === "all" || (filter.only === "differing" ? differs(component) : hasProblem(component))) &&
    [component.key, component.name, ...component.cells.map(({ release }) => release ?? "")].some((part) =>
      part.toLowerCase().includes(text),
    );
  const all = filter.only === "all" && text === "";
  return projects
    .filter(({ key }) => filter.project === "" || key === filter.project)
    .map((project) => ({ ...project, components: project.components.filter(fits) }))
    .filter(({ components }) => all || components.length > 0);
}
