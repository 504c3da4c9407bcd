import {
  Box,
  ChartNoAxesColumn,
  FileCode2,
  GitPullRequestArrow,
  House,
  Inbox,
  Layers,
  type LucideIcon,
  Package,
  ScrollText,
  Settings2,
} from "lucide-react";

export type NavKey =
  | "home"
  | "approvals"
  | "releases"
  | "environments"
  | "components"
  | "images"
  | "templates"
  | "statistics"
  | "audit"
  | "settings";

/** A place of the rail. `under` are the addresses at which it is the current one. */
export type NavEntry = { key: NavKey; icon: LucideIcon; href: string; under: RegExp };

const at = (path: string, project: string | undefined) =>
  project === undefined ? path : `${path}?project=${encodeURIComponent(project)}`;

/** The three groups of the rail for the current project; the audit trail only for those who may read it. */
export function navOf(
  project: string | undefined,
  mayReadAudit: boolean,
): {
  mine: NavEntry[];
  project: NavEntry[];
  platform: NavEntry[];
} {
  return {
    mine: [
      { key: "home", icon: House, href: "/", under: /^\/$/ },
      { key: "approvals", icon: Inbox, href: "/approvals", under: /^\/approvals/ },
    ],
    project: [
      {
        key: "releases",
        icon: GitPullRequestArrow,
        href: at("/releases", project),
        under: /^\/(releases|deployments|builds)/,
      },
      { key: "environments", icon: Layers, href: at("/environments", project), under: /^\/environments/ },
      {
        key: "components",
        icon: Box,
        href: project === undefined ? "/projects" : `/projects/${encodeURIComponent(project)}`,
        under: /^\/projects/,
      },
      {
        key: "images",
        icon: Package,
        href: at("/artifacts", project),
        under: /^\/(artifacts|base-images|kept-images)/,
      },
      { key: "templates", icon: FileCode2, href: at("/templates", project), under: /^\/templates/ },
      {
        key: "statistics",
        icon: ChartNoAxesColumn,
        href: at("/statistics", project),
        under: /^\/statistics/,
      },
    ],
    platform: [
      ...(mayReadAudit
        ? [{ key: "audit" as const, icon: ScrollText, href: "/audit", under: /^\/audit/ }]
        : []),
      { key: "settings", icon: Settings2, href: "/settings", under: /^\/settings/ },
    ],
  };
}
