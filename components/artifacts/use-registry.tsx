"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Select } from "#components/ui/select.tsx";
import type { ArtifactRegistryDto } from "#lib/artifacts/schema.ts";

/** Whose word a card shows, the first one's to begin with; `pick` is there where several registries have the image. */
export function useRegistry(registries: ArtifactRegistryDto[]): {
  registry: ArtifactRegistryDto | undefined;
  pick: ReactNode;
} {
  const t = useTranslations("artifacts.registries");
  const [picked, setPicked] = useState<string | null>(null);
  const registry = registries.find(({ key }) => key === picked) ?? registries[0];
  const pick = registries.length > 1 && registry !== undefined && (
    <Select
      small
      label={t("pick")}
      value={registry.key}
      onChange={setPicked}
      options={registries.map(({ key, name }) => ({ value: key, label: name }))}
    />
  );
  return { registry, pick };
}
