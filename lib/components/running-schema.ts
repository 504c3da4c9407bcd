import type { z } from "zod";
import type { configVersionsSchema } from "./config-schema.ts";

export type ConfigSnapshot = z.infer<typeof configVersionsSchema>["items"][number]["snapshot"];

/** The configuration with which a component runs in one environment. */
export type RunningConfigDto = {
  environment: string;
  release: string;
  deployedAt: string;
  version: number;
  template: { id: string; name: string; version: number } | null;
  /** Null where nothing had been saved when it was planned. */
  config: ConfigSnapshot | null;
};
