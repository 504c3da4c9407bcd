"use client";

import { Popover } from "@base-ui/react/popover";
import { ChevronsUpDown, Star } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cx } from "#components/ui/cx.ts";
import { Input } from "#components/ui/field.tsx";
import type { ShellDto } from "#lib/shell/schema.ts";

type Project = ShellDto["projects"][number];

function Mark({ name }: { name: string }) {
  return (
    <span className="project-mark" aria-hidden="true">
      {name.charAt(0).toUpperCase()}
    </span>
  );
}

/** The project that the rail is about; opens a list with the starred ones first. */
export function ProjectSwitcher({
  projects,
  current,
  starred,
  onStar,
  onPick,
}: {
  projects: Project[];
  current: Project | undefined;
  starred: string[];
  onStar: (key: string) => void;
  onPick: (key: string) => void;
}) {
  const t = useTranslations("shell");
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLowerCase();
  const shown = projects
    .filter(({ key, name }) => `${key} ${name}`.toLowerCase().includes(wanted))
    .sort((a, b) => Number(starred.includes(b.key)) - Number(starred.includes(a.key)));
  return (
    <Popover.Root open={open} onOpenChange={(next) => setOpen(next)}>
      <Popover.Trigger className="project-switch" aria-label={t("switchProject")}>
        {current !== undefined && <Mark name={current.name} />}
        <span className={cx("min-w-0 flex-1 truncate text-left", current === undefined && "text-fg-3")}>
          {current?.name ?? t(projects.length === 0 ? "noProject" : "chooseProject")}
        </span>
        <ChevronsUpDown aria-hidden className="text-fg-3" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="z-50">
          <Popover.Popup aria-label={t("switchProject")} className="pop w-72 p-1.5">
            {projects.length > 6 && (
              <Input
                small
                aria-label={t("findProject")}
                placeholder={t("findProject")}
                value={query}
                onChange={(event) => setQuery(event.target.value)}
              />
            )}
            <ul className="mt-1 max-h-80 overflow-y-auto">
              {shown.map((project) => (
                <li key={project.key} className="flex items-center rounded-md hover:bg-hover">
                  <Link
                    href={`/releases?project=${encodeURIComponent(project.key)}`}
                    className="flex h-8 min-w-0 flex-1 items-center gap-2 px-2"
                    aria-current={project.key === current?.key ? "true" : undefined}
                    onClick={() => {
                      onPick(project.key);
                      setOpen(false);
                    }}
                  >
                    <Mark name={project.name} />
                    <span className={cx("truncate", project.key === current?.key && "font-semibold")}>
                      {project.name}
                    </span>
                    <span className="truncate text-sm text-fg-3">{project.key}</span>
                  </Link>
                  <button
                    type="button"
                    className="rounded-md p-2 text-fg-3 hover:text-fg"
                    aria-pressed={starred.includes(project.key)}
                    aria-label={t(starred.includes(project.key) ? "unstar" : "star", { name: project.name })}
                    onClick={() => onStar(project.key)}
                  >
                    <Star
                      aria-hidden
                      className={cx(starred.includes(project.key) && "fill-wait-solid text-wait-solid")}
                    />
                  </button>
                </li>
              ))}
            </ul>
            <Link
              href="/projects"
              className="mt-1 flex h-8 items-center rounded-md border-t border-line px-2 text-fg-2 hover:bg-hover"
              onClick={() => setOpen(false)}
            >
              {t("allProjects")}
            </Link>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
