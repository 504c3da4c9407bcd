"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Hammer, Package, TriangleAlert } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Field, Input, Textarea } from "#components/ui/field.tsx";
import { Page, PageHeader, StickyBar } from "#components/ui/page.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { Steps } from "#components/ui/steps.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import { rolesWith } from "#lib/access/roles.ts";
import { ProblemError } from "#lib/http/client.ts";
import { buildRelease, createRelease, updateRelease } from "#lib/releases/client.ts";
import type { ReleaseDto } from "#lib/releases/schema.ts";
import { MAX_ITEMS } from "#lib/releases/state.ts";
import { useWho } from "../detail/use-who.ts";
import { ComponentsCard } from "./components-card.tsx";
import { ContentsCard, OverlapCard, overlapsOf, sumsOf } from "./contents-card.tsx";
import { ClickKeys, draftLike, draftOf, itemsOf } from "./draft.ts";
import type { FormData } from "./form-data.ts";
import { useContents } from "./use-contents.ts";
import { useDraft } from "./use-draft.ts";

/** Raising a release order, or changing a draft of one: which components at which code, and what it says of itself. */
export function ReleaseForm({
  data,
  release,
  like,
}: {
  data: FormData;
  release?: ReleaseDto;
  /** A new order begins with the components and refs of this one. */
  like?: ReleaseDto;
}) {
  const t = useTranslations("releases.form");
  const all = useTranslations("releases");
  const common = useTranslations("common");
  const who = useWho();
  const router = useRouter();
  const client = useQueryClient();
  const [keys] = useState(() => new ClickKeys());
  const [tried, setTried] = useState(false);
  const { draft, change, savedAt, forget } = useDraft(
    release === undefined && like === undefined ? `release-draft:${data.project.key}` : null,
    release ? draftOf(release) : like && draftLike(like, data.components),
    data.components.map(({ key }) => key),
  );
  const last = data.environments.at(-1)?.key ?? "";
  const contents = useContents(data.project.key, data.components, draft.refs, last);
  const overlaps = overlapsOf(contents);
  const sums = sumsOf(contents);

  const save = useMutation({
    mutationFn: async (build: boolean): Promise<ReleaseDto> => {
      const body = { title: draft.title.trim(), description: draft.description, items: itemsOf(draft) };
      if (release === undefined) {
        const whole = { project: data.project.key, ...body, build };
        return createRelease(whole, keys.keyOf(whole));
      }
      const changed = await updateRelease(release.number, { version: release.version, ...body });
      return build ? buildRelease(changed.number) : changed;
    },
    onSuccess: (saved) => {
      forget();
      client.setQueryData(["release", saved.number], saved);
      router.push(`/releases/${encodeURIComponent(saved.number)}`);
    },
  });
  const missing = [
    ...(contents.length === 0 ? [t("needsComponent")] : []),
    ...(contents.length > MAX_ITEMS ? [t("tooMany", { max: MAX_ITEMS })] : []),
    ...(draft.title.trim() === "" ? [t("needsTitle")] : []),
    ...(contents.some(({ failed }) => failed) ? [t("needsRef")] : []),
  ];
  const submit = (build: boolean) => {
    setTried(true);
    if (missing.length === 0 && !save.isPending && !save.isSuccess) save.mutate(build);
  };
  const busy = save.isPending || save.isSuccess;
  return (
    <>
      <Page className="flex-1">
        <PageHeader
          title={release === undefined ? t("title") : t("titleEdit", { number: release.number })}
          badges={
            savedAt !== null && (
              <span className="text-fg-3">
                {t("autosaved")} <ExactTime at={savedAt} style="minutes" />
              </span>
            )
          }
        />
        <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_376px]">
          <div className="flex min-w-0 flex-col gap-4">
            <ComponentsCard
              data={data}
              contents={contents}
              onRef={(component, ref) => {
                const { [component]: _, ...rest } = draft.refs;
                change({ refs: ref === undefined ? rest : { ...draft.refs, [component]: ref } });
              }}
            />
            <Card>
              <CardHeader title={t("about")} hint={t("aboutHint")} />
              <CardBody className="flex flex-col gap-3.5">
                <Field
                  label={t("titleField")}
                  error={tried && draft.title.trim() === "" ? t("needsTitle") : undefined}
                >
                  <Input
                    value={draft.title}
                    maxLength={200}
                    onChange={(event) => change({ title: event.target.value })}
                  />
                </Field>
                <Field label={t("descriptionField")} hint={t("descriptionHint")}>
                  <Textarea
                    value={draft.description}
                    maxLength={10_000}
                    rows={4}
                    onChange={(event) => change({ description: event.target.value })}
                  />
                </Field>
              </CardBody>
            </Card>
            {save.error instanceof ProblemError && (
              // The list may be long, and the button that was clicked is always in sight.
              <div key={save.submittedAt} ref={(alert) => alert?.scrollIntoView({ block: "nearest" })}>
                <ProblemAlert problem={save.error.problem} className="scroll-mb-16" />
              </div>
            )}
          </div>
          <aside className="flex min-w-0 flex-col gap-4">
            <ContentsCard contents={contents} environment={last} number={release?.number} />
            {overlaps.map((overlap) => (
              <OverlapCard key={overlap.number} overlap={overlap} />
            ))}
            <AfterCard data={data} count={contents.length} />
          </aside>
        </div>
      </Page>
      <StickyBar
        actions={
          <>
            <Button
              kind="quiet"
              href={
                release === undefined
                  ? `/releases?project=${data.project.key}`
                  : `/releases/${release.number}`
              }
            >
              {common("cancel")}
            </Button>
            <Button
              disabled={!data.mayWrite || missing.length > 0}
              loading={busy && save.variables === false}
              onClick={() => submit(false)}
            >
              {t(release === undefined ? "create" : "save")}
            </Button>
            <Button
              kind="primary"
              icon={<Hammer aria-hidden />}
              disabled={!data.mayWrite || missing.length > 0}
              loading={busy && save.variables === true}
              onClick={() => submit(true)}
            >
              {t(release === undefined ? "createAndBuild" : "saveAndBuild")}
            </Button>
          </>
        }
      >
        <span className="flex items-center gap-1.5 max-sm:hidden">
          <Package aria-hidden className="text-fg-3" />
          {[
            all("components", { count: sums.components }),
            ...(sums.loading ? [] : [`${all("commits", { count: sums.commits })}${sums.atLeast ? "+" : ""}`]),
          ].join(all("comma"))}
        </span>
        {overlaps.length > 0 && (
          <span className="state k-wait max-sm:hidden">
            <TriangleAlert aria-hidden />
            {t("overlapCount", { count: overlaps.length })}
          </span>
        )}
        <span className="text-fg-3" aria-live="polite">
          {data.mayWrite ? missing.join(all("comma")) : t("mayNot", { who: who(rolesWith("release.write")) })}
        </span>
      </StickyBar>
    </>
  );
}

/** What would follow; the first environment's holder is known, the rest depends on people. */
function AfterCard({ data, count }: { data: FormData; count: number }) {
  const t = useTranslations("releases.form");
  const first = data.environments[0];
  const last = data.environments.at(-1);
  if (first === undefined || last === undefined) return null;
  return (
    <Card>
      <CardHeader title={t("after")} />
      <CardBody>
        <Steps
          items={[
            { key: "build", title: t("afterBuild", { count }), sub: t("afterBuildSub") },
            {
              key: "enter",
              title: t("afterEnter", { environment: first.key }),
              sub:
                first.heldFor === null
                  ? t("afterFree")
                  : t("afterHeld", { release: first.heldFor, by: first.heldBy ?? "", queue: first.queue }),
            },
            {
              key: "verdict",
              title: t("afterVerdicts", {
                environments: data.environments.map(({ key }) => key).join(t("listComma")),
              }),
            },
            { key: "deploy", title: t("afterDeploy", { environment: last.key }), sub: t("afterDeploySub") },
          ]}
        />
      </CardBody>
    </Card>
  );
}
