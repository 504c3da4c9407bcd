import { PERMISSIONS } from "./accounts.ts";
import type { Exchange } from "./exchange.ts";
import { jsonAnswer } from "./exchange.ts";
import { folderRoute, follow, itemsOf } from "./folders.ts";
import { createItem, denied, jobRoute } from "./job-routes.ts";
import { jobPath } from "./job-view.ts";
import type { Answer } from "./pages.ts";
import {
  containerError,
  escapeHtml,
  htmlPage,
  loginPage,
  notFound,
  postRequired,
  redirect,
  signInFirst,
} from "./pages.ts";
import { queueRoute } from "./queue-routes.ts";
import { NODE_LABEL } from "./queue-standing.ts";
import type { ServerState } from "./server-state.ts";
import { logId } from "./server-state.ts";
import type { Json } from "./tree.ts";

const ROOT_TREE =
  "assignedLabels,mode,nodeDescription,nodeName,numExecutors,description,jobs[name,url,color],overallLoad," +
  "primaryView[name,url],quietDownReason,quietingDown,slaveAgentPort,unlabeledLoad,url,useCrumbs,useSecurity," +
  "views[name,url]";
const WHO_TREE = "anonymous,authenticated,authorities,name,toString";
const CRUMB_TREE = "crumb,crumbRequestField";

function rootModel(state: ServerState): Json {
  const view = { _class: "hudson.model.AllView", name: "all", url: state.root };
  return {
    _class: "hudson.model.Hudson",
    assignedLabels: [{}],
    mode: "NORMAL",
    nodeDescription: "the Jenkins controller's built-in node",
    nodeName: "",
    numExecutors: state.executors,
    description: null,
    get jobs() {
      return itemsOf(state, "");
    },
    overallLoad: {},
    primaryView: view,
    quietDownReason: state.queue.quietReason === "" ? null : state.queue.quietReason,
    quietingDown: state.queue.quietReason !== null,
    slaveAgentPort: -1,
    unlabeledLoad: { _class: "jenkins.model.UnlabeledLoadStatistics" },
    url: state.root,
    useCrumbs: true,
    useSecurity: true,
    views: [view],
  };
}

const COMPUTER_TREE =
  "busyExecutors,computer[assignedLabels[name],displayName,idle,numExecutors,offline,temporarilyOffline]," +
  "displayName,totalExecutors";

/** The nodes: the built-in one alone. */
function computers(state: ServerState): Json {
  const { total, busy } = state.queue.executors;
  return {
    _class: "hudson.model.ComputerSet",
    busyExecutors: busy,
    computer: [
      {
        _class: "hudson.model.Hudson$MasterComputer",
        assignedLabels: [{ name: NODE_LABEL }],
        displayName: "Built-In Node",
        idle: busy === 0,
        numExecutors: total,
        offline: false,
        temporarilyOffline: false,
      },
    ],
    displayName: "Nodes",
    totalExecutors: total,
  };
}

function whoAmI(exchange: Exchange): Answer {
  const { account } = exchange.identity;
  const model = {
    _class: "hudson.security.WhoAmI",
    anonymous: account === null,
    authenticated: true,
    authorities: [account === null ? "anonymous" : "authenticated"],
    name: account?.name ?? "anonymous",
    toString: `Authentication [Principal=${account?.name ?? "anonymous"}, Authenticated=true]`,
  };
  return jsonAnswer(exchange, model, WHO_TREE, logId());
}

function crumbIssuer(state: ServerState, exchange: Exchange): Answer {
  const user = exchange.identity.account?.name ?? "anonymous";
  const { crumb, setCookie } = state.accounts.issueCrumb(exchange.message, user);
  const model = {
    _class: "hudson.security.csrf.DefaultCrumbIssuer",
    crumb,
    crumbRequestField: "Jenkins-Crumb",
  };
  const answer = jsonAnswer(exchange, model, CRUMB_TREE, logId());
  if (setCookie !== null) answer.headers["set-cookie"] = [setCookie];
  return answer;
}

function quietDown(state: ServerState, exchange: Exchange, on: boolean): Answer {
  const refusal = denied(state, exchange, PERMISSIONS.administer);
  if (refusal) return refusal;
  if (exchange.method !== "POST") return postRequired(`${state.root}${exchange.path.slice(1)}`);
  if (on) state.queue.quietDown(exchange.query.get("reason") ?? exchange.form.get("reason") ?? "");
  else state.queue.cancelQuietDown();
  return redirect(302, state.root);
}

function homePage(state: ServerState): Answer {
  const jobs = [...state.jobs.keys()].map(
    (name) => `<li><a href="${state.root}${jobPath(name).slice(1)}/">${escapeHtml(name)}</a></li>`,
  );
  return htmlPage("Dashboard", `<h1>Jobs</h1><ul>${jobs.join("")}</ul>`);
}

/** Answers an identified request. Wrong credentials have been refused before. */
export async function route(state: ServerState, exchange: Exchange): Promise<Answer> {
  const changes = exchange.method !== "GET" && exchange.method !== "HEAD";
  if (
    changes &&
    !state.accounts.crumbAccepted(exchange.message, exchange.identity, exchange.form.get("Jenkins-Crumb"))
  ) {
    return containerError(403, "No valid crumb was included in the request", exchange.path);
  }
  const place = exchange.segments.join("/");
  if (place === "login") return loginPage();
  if (place === "whoAmI/api/json") return whoAmI(exchange);
  if (exchange.identity.account === null) return signInFirst(exchange.message.url ?? exchange.path);
  switch (exchange.segments[0]) {
    case "job": {
      const found = follow(state, exchange.segments);
      if (found === null) return notFound(exchange.path);
      if ("job" in found) return jobRoute(state, exchange, found.job, found.rest);
      return folderRoute(state, exchange, found.folder, found.rest);
    }
    case "queue":
      return queueRoute(state, exchange);
  }
  switch (place) {
    case "":
      return homePage(state);
    case "api/json":
      return jsonAnswer(exchange, rootModel(state), ROOT_TREE, logId());
    case "computer/api/json":
      return jsonAnswer(exchange, computers(state), COMPUTER_TREE, logId());
    case "crumbIssuer/api/json":
      return crumbIssuer(state, exchange);
    case "createItem":
      return createItem(state, exchange, "");
    case "quietDown":
      return quietDown(state, exchange, true);
    case "cancelQuietDown":
      return quietDown(state, exchange, false);
  }
  return notFound(exchange.path);
}
