import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { db } from "#lib/db.ts";

const holder = globalThis as typeof globalThis & { refractMetrics?: Registry };

/** Prometheus metrics of this process and, read when asked, of the portal's work. No names of projects or people. */
export function metrics(): Registry {
  if (holder.refractMetrics) return holder.refractMetrics;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "refract_" });
  const counted = (name: string, help: string, rows: () => Promise<{ state: string; total: number }[]>) =>
    new Gauge({
      name,
      help,
      labelNames: ["state"],
      registers: [registry],
      async collect() {
        this.reset();
        for (const { state, total } of await rows()) this.set({ state }, total);
      },
    });
  counted(
    "refract_releases",
    "Release orders by state",
    () => db.$queryRaw`SELECT state, count(*)::int AS total FROM "Release" GROUP BY state`,
  );
  counted(
    "refract_builds",
    "Builds by state",
    () => db.$queryRaw`SELECT state, count(*)::int AS total FROM "Build" GROUP BY state`,
  );
  counted(
    "refract_deployments",
    "Deployments by state",
    () => db.$queryRaw`SELECT state, count(*)::int AS total FROM "Deployment" GROUP BY state`,
  );
  holder.refractMetrics = registry;
  return registry;
}
