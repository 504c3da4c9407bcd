"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatBytes } from "#components/releases/bytes.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { type ArtifactEvidence, signedBy } from "#lib/artifacts/content.ts";
import type { ArtifactRegistryDto } from "#lib/artifacts/schema.ts";
import { UnknownText } from "./unknown-text.tsx";
import { useRegistry } from "./use-registry.tsx";

const FORMATS = { spdx: "SPDX", cyclonedx: "CycloneDX", other: "SBOM" };

/** `none`: that there is nothing; `help`: what would bring it. */
function Part({
  title,
  none,
  help,
  children,
}: {
  title: string;
  none: string | null;
  help: string;
  children: ReactNode;
}) {
  return (
    <section className="flex flex-col gap-1.5 border-t border-line px-3.5 py-2.5 first-of-type:border-0">
      <h3 className="font-semibold">{title}</h3>
      {none === null ? (
        children
      ) : (
        <>
          <p className="text-fg-2">{none}</p>
          <p className="text-sm text-fg-3">{help}</p>
        </>
      )}
    </section>
  );
}

/** Which keys verified a thing; without one it is only there. */
function Keys({ verifiedBy }: { verifiedBy: string[] }) {
  const t = useTranslations("artifacts");
  return verifiedBy.length === 0 ? (
    <StateBadge state="unknown" text={t("unverified")} />
  ) : (
    <StateBadge state="ok" text={t("verifiedBy", { keys: verifiedBy.join(", ") })} />
  );
}

/** Signatures, SBOMs and provenance in a registry: what is there, which key verified it, and why not. */
export function EvidenceCard({ registries }: { registries: ArtifactRegistryDto[] }) {
  const t = useTranslations("artifacts");
  const { registry, pick } = useRegistry(registries);
  const evidence = registry?.evidence ?? null;
  const signed = evidence !== null && signedBy(evidence).length > 0;
  return (
    <Card>
      <CardHeader
        title={t("evidence")}
        actions={
          <>
            {evidence !== null && (
              <StateBadge state={signed ? "ok" : "unknown"} text={t(signed ? "signed" : "unsigned")} />
            )}
            {pick}
          </>
        }
      />
      {registry !== undefined &&
        (evidence === null ? (
          <div className="px-3.5 py-3">
            <UnknownText registry={registry} />
          </div>
        ) : (
          <Parts evidence={evidence} />
        ))}
    </Card>
  );
}

function Parts({ evidence }: { evidence: ArtifactEvidence }) {
  const t = useTranslations("artifacts");
  const { signatures, sboms, provenance, keys } = evidence;
  return (
    <>
      <Part
        title={t("signatures")}
        none={signatures.length === 0 ? t("noSignature") : null}
        help={t("signatureHelp")}
      >
        {signatures.map(({ digest, verifiedBy, problem }) => (
          <div key={digest} className="flex flex-col gap-0.5">
            <Keys verifiedBy={verifiedBy} />
            {problem !== null && (
              <span className="text-fg-2">
                {t.has(`problems.${problem}`) ? t(`problems.${problem}`) : problem}
              </span>
            )}
          </div>
        ))}
        <p className="text-sm text-fg-3">
          {keys.length === 0 ? t("noKeys") : t("triedKeys", { keys: keys.join(", ") })}
        </p>
      </Part>
      <Part title={t("sboms")} none={sboms.length === 0 ? t("noSbom") : null} help={t("sbomHelp")}>
        {sboms.map(({ digest, format, sizeBytes, verifiedBy }) => (
          <div key={digest} className="flex flex-wrap items-center gap-x-2">
            <Tag>{FORMATS[format]}</Tag>
            <span className="text-fg-2">{formatBytes(sizeBytes)}</span>
            <Keys verifiedBy={verifiedBy} />
          </div>
        ))}
      </Part>
      <Part
        title={t("provenance")}
        none={provenance.length === 0 ? t("noProvenance") : null}
        help={t("provenanceHelp")}
      >
        {provenance.map(({ digest, predicateType, verifiedBy }) => (
          <div key={digest} className="flex flex-col gap-0.5">
            <span className="font-mono text-sm break-all text-fg-2">{predicateType}</span>
            <Keys verifiedBy={verifiedBy} />
          </div>
        ))}
      </Part>
    </>
  );
}
