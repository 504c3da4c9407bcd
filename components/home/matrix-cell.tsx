"use client";

import { ArrowRight, History, Layers } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Copyable, Digest } from "#components/ui/copyable.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { Person } from "#components/ui/person.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import type { CellDto, MatrixProjectDto } from "#lib/home/schema.ts";
import { Age } from "./age.tsx";
import { CellMark } from "./marks.tsx";
import { marksByKind } from "./matrix-model.ts";
import { shortNumber, to } from "./release-number.ts";

type Component = MatrixProjectDto["components"][number];

/** What runs there and how it came, what is on its way, and where to go on. */
function Peek({
  project,
  component,
  cell,
  now,
}: {
  project: string;
  component: Component;
  cell: CellDto;
  now: string;
}) {
  const t = useTranslations("home");
  const facts = [
    ...(cell.release === null
      ? []
      : [{ term: t("peek.release"), detail: <Copyable text={cell.release} label={t("peek.release")} /> }]),
    ...(cell.digest === null ? [] : [{ term: t("peek.image"), detail: <Digest value={cell.digest} /> }]),
    ...(cell.deployedBy === null || cell.deployedAt === null
      ? []
      : [
          {
            term: t("peek.deployed"),
            detail: (
              <span className="flex flex-wrap items-center gap-2">
                <Person {...cell.deployedBy} />
                <TimeAgo at={cell.deployedAt} now={now} className="text-fg-2" />
              </span>
            ),
          },
        ]),
  ];
  return (
    <div className="w-[min(502px,calc(100vw-24px))]">
      <div className="px-4 py-3">
        <p className="font-semibold">
          {component.key} <span className="font-normal text-fg-3">·</span> {cell.environment}
        </p>
        <p className="text-fg-2">{cell.title ?? t("peek.nothing")}</p>
      </div>
      {facts.length > 0 && (
        <div className="border-t border-line px-4 py-3">
          <DescriptionList items={facts} />
        </div>
      )}
      {cell.marks.length > 0 && (
        <ul className="flex flex-col gap-1.5 border-t border-line px-4 py-3">
          {cell.marks.map((mark) => (
            <li key={`${mark.kind} ${mark.release}`} className="flex flex-wrap items-center gap-x-2">
              <CellMark mark={mark} />
              <span className="text-fg-2">
                {t(
                  `markTitle.${mark.kind === "testing" && mark.person === null ? "testing_free" : mark.kind}`,
                  {
                    release: shortNumber(mark.release),
                    person: mark.person?.displayName ?? "",
                    count: mark.count,
                  },
                )}
              </span>
              <Button kind="quiet" size="small" className="ml-auto" href={to.release(mark.release)}>
                {shortNumber(mark.release)}
                <ArrowRight aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2 border-t border-line px-4 py-3">
        <Button size="small" icon={<Layers aria-hidden />} href={to.environment(project, cell.environment)}>
          {t("peek.live")}
        </Button>
        {cell.deployment !== null && (
          <Button size="small" icon={<History aria-hidden />} href={to.deployment(cell.deployment)}>
            {t("peek.deployment")}
          </Button>
        )}
        {cell.release !== null && (
          <Button kind="quiet" size="small" className="ml-auto" href={to.release(cell.release)}>
            {t("peek.openRelease")}
            <ArrowRight aria-hidden />
          </Button>
        )}
      </div>
    </div>
  );
}

/** One component in one environment. Opens a card with the details. */
export function MatrixCell(props: { project: string; component: Component; cell: CellDto; now: string }) {
  const t = useTranslations("home");
  const { cell, component, now } = props;
  return (
    <Popover
      label={`${component.key} · ${cell.environment}`}
      trigger={
        <button type="button" className="matrix-cell">
          {cell.release === null ? (
            <span className="text-fg-3">{t("notDeployed")}</span>
          ) : (
            <span className="font-mono text-sm font-medium whitespace-nowrap" title={cell.release}>
              {shortNumber(cell.release)}
            </span>
          )}
          {cell.deployedAt !== null && <Age at={cell.deployedAt} now={now} />}
          <span className="matrix-marks">
            {marksByKind(cell.marks).map(({ mark, of }) => (
              <CellMark key={mark.kind} mark={mark} of={of} />
            ))}
          </span>
        </button>
      }
    >
      <Peek {...props} />
    </Popover>
  );
}
