import approvals from "./approvals.json" with { type: "json" };
import artifacts from "./artifacts.json" with { type: "json" };
import audit from "./audit.json" with { type: "json" };
import auth from "./auth.json" with { type: "json" };
import baseImages from "./base-images.json" with { type: "json" };
import blockers from "./blockers.json" with { type: "json" };
import buildServers from "./build-servers.json" with { type: "json" };
import builds from "./builds.json" with { type: "json" };
import commits from "./commits.json" with { type: "json" };
import common from "./common.json" with { type: "json" };
import components from "./components.json" with { type: "json" };
import deployments from "./deployments.json" with { type: "json" };
import environments from "./environments.json" with { type: "json" };
import errors from "./errors.json" with { type: "json" };
import flow from "./flow.json" with { type: "json" };
import home from "./home.json" with { type: "json" };
import keptImages from "./kept-images.json" with { type: "json" };
import live from "./live.json" with { type: "json" };
import notifications from "./notifications.json" with { type: "json" };
import plans from "./plans.json" with { type: "json" };
import policies from "./policies.json" with { type: "json" };
import projects from "./projects.json" with { type: "json" };
import releases from "./releases.json" with { type: "json" };
import roles from "./roles.json" with { type: "json" };
import settings from "./settings.json" with { type: "json" };
import shell from "./shell.json" with { type: "json" };
import sources from "./sources.json" with { type: "json" };
import states from "./states.json" with { type: "json" };
import statistics from "./statistics.json" with { type: "json" };
import strategies from "./strategies.json" with { type: "json" };
import templates from "./templates.json" with { type: "json" };
import webhooks from "./webhooks.json" with { type: "json" };

/** Every namespace of this language. A new one is added here and in the other language. */
const messages = {
  approvals,
  artifacts,
  audit,
  auth,
  baseImages,
  blockers,
  buildServers,
  builds,
  commits,
  common,
  components,
  deployments,
  environments,
  errors,
  flow,
  home,
  keptImages,
  live,
  notifications,
  plans,
  policies,
  projects,
  releases,
  roles,
  settings,
  shell,
  sources,
  states,
  statistics,
  strategies,
  templates,
  webhooks,
};
export default messages;
