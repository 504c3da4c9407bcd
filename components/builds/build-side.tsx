"use client";

import { GitBranch, KeyRound, LockKeyhole } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ArtifactLink } from "#components/artifacts/artifact-link.tsx";
import { CommitLink } from "#components/commits/commit-link.tsx";
import { formatBytes } from "#components/releases/bytes.ts";
import { CommitSubject } from "#components/tickets/commit-subject.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Copyable, MiddleText } from "#components/ui/copyable.tsx";
import { cx } from "#components/ui/cx.ts";
import { Duration } from "#components/ui/duration.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState } from "#components/ui/states.ts";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { BuildDto } from "#lib/builds/schema.ts";
import { parametersOf } from "./parameters.ts";

/** What is built. */
export function SourceCard({ build }: { build: BuildDto }) {
  const t = useTranslations("builds");
  return (
    <Card>
      <CardHeader
        title={t("source")}
        actions={
          <span className="state k-held font-normal">
            <LockKeyhole aria-hidden />
            {t("frozen")}
          </span>
        }
      />
      <CardBody>
        <DescriptionList
          items={[
            {
              key: "ref",
              term: t("ref"),
              detail: (
                <Tag icon={<GitBranch aria-hidden />}>
                  <MiddleText text={build.ref} max={28} />
                </Tag>
              ),
            },
            {
              key: "commit",
              term: t("commit"),
              detail:
                build.commit === null ? (
                  "–"
                ) : (
                  <CommitLink project={build.project} component={build.component} commit={build.commit} />
                ),
            },
            ...(build.commitSubject === null
              ? []
              : [
                  {
                    key: "subject",
                    term: "",
                    detail: (
                      <span className="break-words text-fg-2">
                        <CommitSubject project={build.project} subject={build.commitSubject} />
                      </span>
                    ),
                  },
                ]),
          ]}
        />
      </CardBody>
    </Card>
  );
}

/** The image that came of it. */
export function ArtifactCard({ build }: { build: BuildDto }) {
  const t = useTranslations("builds");
  const { artifact } = build;
  const image = artifact?.image ?? build.parameters.find(({ name }) => name === "IMAGE")?.value;
  if (image === undefined) return null;
  return (
    <Card>
      <CardHeader title={t("image")} hint={artifact === null ? t("expected") : undefined} />
      <CardBody>
        <DescriptionList
          items={[
            {
              key: "tag",
              term: t("tag"),
              detail: <Copyable text={image} shown={<MiddleText text={image} max={32} />} label={t("tag")} />,
            },
            {
              key: "digest",
              term: t("digest"),
              detail:
                artifact === null ? (
                  <span className="text-fg-3">{t("digestLater")}</span>
                ) : (
                  <ArtifactLink digest={artifact.digest} release={build.release} />
                ),
            },
            ...(artifact?.sizeBytes == null
              ? []
              : [{ key: "size", term: t("size"), detail: formatBytes(artifact.sizeBytes) }]),
            ...(artifact === null || artifact.source === "build"
              ? []
              : [
                  {
                    key: "origin",
                    term: t("origin"),
                    detail: t(artifact.source === "person" ? "byPerson" : "byRegistry"),
                  },
                ]),
          ]}
        />
      </CardBody>
    </Card>
  );
}

/** What the job received; of a secret only the name and the version. */
export function ParametersCard({ build }: { build: BuildDto }) {
  const t = useTranslations("builds");
  const parameters = parametersOf(build.parameters);
  return (
    <Card>
      <CardHeader title={t("parameters")} hint={parameters.length + build.secrets.length} />
      {parameters.length + build.secrets.length === 0 && (
        <p className="px-3.5 py-3 text-fg-2">{t("noParameters")}</p>
      )}
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3.5 px-3.5 py-2 font-mono text-sm leading-7 empty:hidden">
        {parameters.map(({ name, value }) => (
          <div key={name} className="contents">
            <dt className="max-w-36 truncate text-fg-3" title={name}>
              {name}
            </dt>
            <dd className="min-w-0">
              {value === "" ? (
                <span className="text-fg-3">–</span>
              ) : (
                <Copyable
                  text={value}
                  shown={value}
                  label={name}
                  className="copy-on-hover w-full justify-between text-[1em]!"
                />
              )}
            </dd>
          </div>
        ))}
        {build.secrets.map(({ name, version }) => (
          <div key={name} className="contents">
            <dt className="max-w-36 truncate text-fg-3" title={name}>
              {name}
            </dt>
            <dd className="inline-flex items-center gap-1.5 text-held">
              <KeyRound aria-label={t("secret")} />v{version}
            </dd>
          </div>
        ))}
      </dl>
      {build.dropped.length > 0 && (
        <p className="break-words border-line border-t px-3.5 py-2 text-held text-sm">
          {t("dropped", { names: build.dropped.join(", ") })}
        </p>
      )}
    </Card>
  );
}

/** Every attempt at this item; the one on the page is marked. */
export function AttemptsCard({ build }: { build: BuildDto }) {
  const t = useTranslations("builds");
  return (
    <Card>
      <CardHeader title={t("attempts")} hint={build.attempts.length} />
      <ol>
        {build.attempts.map((attempt) => {
          const here = attempt.id === build.id;
          return (
            <li key={attempt.id} className="border-t border-line first:border-0">
              <Link
                href={`/builds/${attempt.id}`}
                aria-current={here ? "page" : undefined}
                className={cx(
                  "grid grid-cols-[22px_minmax(0,1fr)_max-content] items-center gap-x-2 gap-y-0.5 px-3.5 py-2 hover:bg-hover",
                  here && "bg-selected",
                )}
              >
                <span className="step-number">{attempt.attempt}</span>
                <StateBadge state={asState(attempt.state)} />
                <span className="text-fg-2">
                  {attempt.startedAt !== null && attempt.endedAt !== null && (
                    <Duration
                      seconds={
                        (new Date(attempt.endedAt).getTime() - new Date(attempt.startedAt).getTime()) / 1000
                      }
                    />
                  )}
                </span>
                <span className="col-start-2 text-sm text-fg-2">
                  <ExactTime at={attempt.createdAt} style="day" /> <ExactTime at={attempt.createdAt} />
                </span>
              </Link>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
