"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { MiddleText } from "#components/ui/copyable.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { shortDigest } from "#components/ui/text.ts";
import type { BaseImageDto, PlacedComponentDto } from "#lib/base-images/schema.ts";

const LOOKS = { current: "ok", behind: "warning", rebuilding: "building" } as const;

/** What sits on the base: where each runs on which version, and whether it has to be rebuilt. */
export function BaseComponents({ base }: { base: BaseImageDto }) {
  const t = useTranslations("baseImages");
  return (
    <Card>
      <CardHeader title={t("componentsOn")} hint={base.components.length} />
      {base.components.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-2">{t("noComponents")}</p>
      ) : (
        <Table label={t("componentsOn")}>
          <thead>
            <tr>
              <Th>{t("component")}</Th>
              <Th>{t("standing")}</Th>
              <Th>{t("source")}</Th>
              <Th>{t("places")}</Th>
            </tr>
          </thead>
          <tbody>
            {base.components.map((one) => (
              <ComponentRow key={`${one.project} ${one.component}`} one={one} />
            ))}
          </tbody>
        </Table>
      )}
      {base.hidden > 0 && <CardFooter>{t("hidden", { count: base.hidden })}</CardFooter>}
    </Card>
  );
}

function ComponentRow({ one }: { one: PlacedComponentDto }) {
  const t = useTranslations("baseImages");
  const component = `/projects/${encodeURIComponent(one.project)}/components/${encodeURIComponent(one.component)}`;
  return (
    <Tr>
      <Td className="min-w-36">
        <Link href={component} className="font-medium hover:text-accent hover:underline">
          <MiddleText text={one.component} max={28} />
        </Link>
        <span className="block text-sm text-fg-3">
          <MiddleText text={one.projectName} max={20} />
        </span>
      </Td>
      <Td className="whitespace-nowrap">
        <StateBadge state={LOOKS[one.standing]} text={t(`standings.${one.standing}`)} />
        {one.rebuild !== null && (
          <Link
            href={`/releases/${encodeURIComponent(one.rebuild)}`}
            className="flex items-center gap-1.5 text-sm hover:underline"
          >
            <span className="font-mono">{one.rebuild}</span>
            {one.rebuildState !== null && <StateBadge size="small" state={one.rebuildState} />}
          </Link>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        <Link href={`/artifacts/${one.source.artifact}`} className="font-mono text-sm hover:underline">
          {one.source.release}
        </Link>
      </Td>
      <Td>
        {one.places.length === 0 && <span className="text-fg-3">{t("runsNowhere")}</span>}
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {one.places.map((place) => (
            <li
              key={`${place.environment} ${place.artifact}`}
              className="flex items-center gap-1.5 whitespace-nowrap"
            >
              <Link
                href={`/environments/${encodeURIComponent(one.project)}/${encodeURIComponent(place.environment)}`}
                className="hover:text-accent"
              >
                {place.environment}
              </Link>
              <Link href={`/artifacts/${place.artifact}`} className="hover:underline">
                <StateBadge
                  size="small"
                  state={place.base === null ? "unknown" : place.behind ? "warning" : "ok"}
                  text={
                    <span className="font-mono">
                      {place.base === null ? t("otherBase") : shortDigest(place.base).replace("sha256:", "")}
                    </span>
                  }
                />
              </Link>
            </li>
          ))}
        </ul>
      </Td>
    </Tr>
  );
}
