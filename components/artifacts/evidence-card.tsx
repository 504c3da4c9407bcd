"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatBytes } from "#components/releases/bytes.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { type ArtifactEvidence, signedBy } from "#lib/artifacts/content.ts";

const FORMATS = { spdx: "SPDX", cyclonedx: "CycloneDX", other: "SBOM" };

function Part({ title, none, children }: { title: string; none: string | null; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5 border-t border-line px-3.5 py-2.5 first-of-type:border-0">
      <h3 className="font-medium">{title}</h3>
      {none === null ? children : <p className="text-fg-3">{none}</p>}
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

/** Signatures, SBOMs and provenance: what is there, which key verified it, and why not. */
export function EvidenceCard({ evidence }: { evidence: ArtifactEvidence }) {
  const t = useTranslations("artifacts");
  const { signatures, sboms, provenance, keys } = evidence;
  const by = signedBy(evidence);
  return (
    <Card>
      <CardHeader
        title={t("evidence")}
        actions={
          <StateBadge
            state={by.length > 0 ? "ok" : "unknown"}
            text={t(by.length > 0 ? "signed" : "unsigned")}
          />
        }
      />
      <Part title={t("signatures")} none={signatures.length === 0 ? t("noSignature") : null}>
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
      <Part title={t("sboms")} none={sboms.length === 0 ? t("noSbom") : null}>
        {sboms.map(({ digest, format, sizeBytes, verifiedBy }) => (
          <div key={digest} className="flex flex-wrap items-center gap-x-2">
            <Tag>{FORMATS[format]}</Tag>
            <span className="text-fg-2">{formatBytes(sizeBytes)}</span>
            <Keys verifiedBy={verifiedBy} />
          </div>
        ))}
      </Part>
      <Part title={t("provenance")} none={provenance.length === 0 ? t("noProvenance") : null}>
        {provenance.map(({ digest, predicateType, verifiedBy }) => (
          <div key={digest} className="flex flex-col gap-0.5">
            <span className="font-mono text-sm break-all text-fg-2">{predicateType}</span>
            <Keys verifiedBy={verifiedBy} />
          </div>
        ))}
      </Part>
    </Card>
  );
}
