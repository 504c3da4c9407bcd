"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import { Input } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import type { Kind } from "#components/ui/states.ts";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { type ArtifactScan, SEVERITIES, type Severity } from "#lib/artifacts/content.ts";
import type { ArtifactRegistryDto } from "#lib/artifacts/schema.ts";
import { isUnknown, UnknownText } from "./unknown-text.tsx";
import { useRegistry } from "./use-registry.tsx";

/** More are not drawn: whoever looks for one filters. */
const SHOWN = 200;
const KIND: Record<Severity, Kind> = {
  critical: "bad",
  high: "bad",
  medium: "wait",
  low: "idle",
  negligible: "idle",
  unknown: "idle",
};
/** A scanner's link is somebody else's text: only a web address is one. */
const webAddress = (link: string | null) => (link !== null && /^https?:\/\//i.test(link) ? link : undefined);

/** What a registry's scanner found, worst first; or why there is nothing, and what helps. */
export function ScanCard({ registries }: { registries: ArtifactRegistryDto[] }) {
  const t = useTranslations("artifacts");
  const { registry, pick } = useRegistry(registries);
  const scan = registry?.scan ?? null;
  return (
    <Card>
      <CardHeader title={t("scan")} hint={scan?.scanner ?? undefined} actions={pick}>
        {scan?.finishedAt != null && (
          <span className="text-fg-3">
            <TimeAgo at={scan.finishedAt} />
          </span>
        )}
      </CardHeader>
      {registry !== undefined &&
        (scan?.state === "done" ? <Vulnerabilities scan={scan} /> : <Unscanned registry={registry} />)}
    </Card>
  );
}

/** Why there is no result, and what helps. */
function Unscanned({ registry }: { registry: ArtifactRegistryDto }) {
  const t = useTranslations("artifacts");
  const { scan, kind, name } = registry;
  if (isUnknown(registry))
    return (
      <div className="px-3.5 py-3">
        <UnknownText registry={registry} />
      </div>
    );
  const state = scan?.state ?? "never";
  return (
    <div className="flex flex-col gap-1 px-3.5 py-3">
      <p>{t(`scanState.${state}`, { name })}</p>
      {state !== "running" && (
        <p className="text-fg-2">{t(`scanHelp.${state === "never" ? `never_${kind}` : state}`)}</p>
      )}
    </div>
  );
}

function Vulnerabilities({ scan }: { scan: ArtifactScan }) {
  const t = useTranslations("artifacts");
  const [severity, setSeverity] = useState<Severity | "all">("all");
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = scan.vulnerabilities.filter(
    (one) =>
      (severity === "all" || one.severity === severity) &&
      (wanted === "" || `${one.id} ${one.package}`.toLowerCase().includes(wanted)),
  );
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3.5 py-2.5">
        {SEVERITIES.map((name) => (
          <Tag key={name} kind={scan.counts[name] > 0 ? KIND[name] : "idle"}>
            {t(`severity.${name}`)} {scan.counts[name]}
          </Tag>
        ))}
        <span className="flex gap-2 max-sm:w-full sm:ml-auto">
          <Select
            small
            label={t("bySeverity")}
            value={severity}
            onChange={setSeverity}
            options={[
              { value: "all", label: t("allSeverities") },
              ...SEVERITIES.map((name) => ({ value: name, label: t(`severity.${name}`) })),
            ]}
          />
          <Input
            aria-label={t("find")}
            placeholder={t("find")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </span>
      </div>
      {found.length === 0 && (
        <p className="px-3.5 py-3 text-fg-2">{t(scan.vulnerabilities.length === 0 ? "clean" : "noneFits")}</p>
      )}
      {found.length > 0 && (
        <Table label={t("scan")} className="whitespace-nowrap">
          <thead>
            <tr>
              <Th>{t("severityHead")}</Th>
              <Th>{t("vulnerability")}</Th>
              <Th>{t("package")}</Th>
              <Th>{t("version")}</Th>
              <Th>{t("fixed")}</Th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, SHOWN).map((one) => (
              <tr key={`${one.id} ${one.package} ${one.version}`}>
                <Td>
                  <Tag kind={KIND[one.severity]}>{t(`severity.${one.severity}`)}</Tag>
                </Td>
                <Td className="font-mono text-sm whitespace-nowrap">
                  {webAddress(one.link) === undefined ? (
                    one.id
                  ) : (
                    <a
                      href={webAddress(one.link)}
                      target="_blank"
                      rel="noreferrer noopener"
                      className="hover:underline"
                    >
                      {one.id}
                    </a>
                  )}
                </Td>
                <Td>{one.package}</Td>
                <Td className="font-mono text-sm">{one.version}</Td>
                <Td className="font-mono text-sm">{one.fixedVersion ?? "–"}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {found.length > SHOWN && <CardFooter>{t("moreFound", { count: found.length - SHOWN })}</CardFooter>}
    </>
  );
}
