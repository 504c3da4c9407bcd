"use client";

import { useTranslations } from "next-intl";
import { Banner } from "#components/ui/banner.tsx";
import { useCodeText } from "#components/ui/code-text.ts";
import type { DeploymentDto } from "#lib/deployments/schema.ts";
import { placeNames } from "./place-names.ts";

/** Why a deployment ended where no target tells it, and of every object whether it is new. */
export function EndedBanner({ deployment }: { deployment: DeploymentDto }) {
  const t = useTranslations("deployments.object");
  const codeText = useCodeText();
  const { cause, targets } = deployment;
  if (cause === null || targets.some((target) => target.state === "failed" && target.cause !== null))
    return null;
  const nameOf = placeNames(targets);
  const places = Map.groupBy(cause.objects ?? [], nameOf);
  return (
    <Banner
      kind={deployment.state === "failed" ? "bad" : "idle"}
      title={codeText([`deployments.causes.${cause.code}`], cause)}
    >
      {places.size > 0 && (
        <dl className="mt-1.5 grid gap-x-8 gap-y-2.5 md:grid-cols-2 xl:grid-cols-3">
          {[...places].map(([place, objects]) => (
            <div key={place} className="min-w-0">
              <dt className="truncate font-medium text-fg" title={place}>
                {place}
              </dt>
              {objects.map(({ object, state }) => (
                <dd key={object} className="flex gap-2">
                  <span className="min-w-0 flex-1 truncate" title={object}>
                    {object}
                  </span>
                  <span className={state === "old" ? "text-fg-3" : undefined}>{t(state)}</span>
                </dd>
              ))}
            </div>
          ))}
        </dl>
      )}
    </Banner>
  );
}
