import * as approvals from "#lib/approvals/api.ts";
import * as artifacts from "#lib/artifacts/api.ts";
import * as audit from "#lib/audit/api.ts";
import * as baseImages from "#lib/base-images/api.ts";
import * as buildServers from "#lib/build-servers/api.ts";
import * as builds from "#lib/builds/api.ts";
import * as clusters from "#lib/clusters/api.ts";
import * as commits from "#lib/commits/api.ts";
import * as components from "#lib/components/api.ts";
import * as componentConfig from "#lib/components/config-api.ts";
import * as deployments from "#lib/deployments/api.ts";
import * as environments from "#lib/environments/api.ts";
import * as events from "#lib/events/api.ts";
import * as freezes from "#lib/freezes/api.ts";
import * as home from "#lib/home/api.ts";
import type { Endpoint } from "#lib/http/endpoint.ts";
import * as imageCopies from "#lib/image-copies/api.ts";
import * as imagePolicies from "#lib/image-policies/api.ts";
import * as keptImages from "#lib/kept-images/api.ts";
import * as live from "#lib/live/api.ts";
import * as plans from "#lib/plans/api.ts";
import * as projects from "#lib/projects/api.ts";
import * as registries from "#lib/registries/api.ts";
import * as releases from "#lib/releases/api.ts";
import * as reservations from "#lib/reservations/api.ts";
import * as search from "#lib/search/api.ts";
import * as signingKeys from "#lib/signing-keys/api.ts";
import * as sourceHosts from "#lib/source-hosts/api.ts";
import * as sources from "#lib/sources/api.ts";
import * as stages from "#lib/stages/api.ts";
import * as statistics from "#lib/statistics/api.ts";
import * as templates from "#lib/templates/api.ts";
import * as tokens from "#lib/tokens/api.ts";
import * as users from "#lib/users/api.ts";
import * as waivers from "#lib/waivers/api.ts";
import * as webhooks from "#lib/webhooks/api.ts";
import * as openapi from "./api.ts";

/** Every call of the API. A test compares this with the route files, both ways. */
export const ENDPOINTS: Endpoint[] = [
  openapi,
  projects,
  components,
  environments,
  imageCopies,
  imagePolicies,
  waivers,
  clusters,
  buildServers,
  registries,
  sourceHosts,
  webhooks,
  signingKeys,
  baseImages,
  users,
  tokens,
  audit,
  events,
  statistics,
  home,
  search,
  releases,
  builds,
  artifacts,
  plans,
  approvals,
  componentConfig,
  freezes,
  keptImages,
  live,
  deployments,
  templates,
  sources,
  commits,
  reservations,
  stages,
].flatMap((module) => Object.values<Endpoint>(module));
