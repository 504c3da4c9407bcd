import type { OutgoingHttpHeaders } from "node:http";
import type { Json } from "./tree.ts";

/** An answer before it is written: status, headers and the whole body. */
export interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: string | Buffer;
}

export const JENKINS_VERSION = "2.372";

const HTML = "text/html;charset=utf-8";
/** Jenkins names its version on JSON and on its own pages, never on plain texts, artifacts or redirects. */
const OWN_PAGE: OutgoingHttpHeaders = {
  "content-type": HTML,
  "cache-control": "no-cache,no-store,must-revalidate",
  "x-jenkins": JENKINS_VERSION,
};

export function escapeHtml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(title: string, body: string): string {
  return `<!DOCTYPE html><html lang="en"><head><title>${escapeHtml(title)}</title></head><body>${body}</body></html>`;
}

/** The plain error page of the servlet container. `path` is the request's path without its query. */
export function containerError(status: number, message: string, path: string): Answer {
  const text = escapeHtml(message);
  return {
    status,
    headers: {
      "cache-control": "must-revalidate,no-cache,no-store",
      "content-type": "text/html;charset=iso-8859-1",
      ...(status === 401 ? { "www-authenticate": 'Basic realm="Jenkins"' } : {}),
    },
    body: `<html>
<head>
<meta http-equiv="Content-Type" content="text/html;charset=ISO-8859-1"/>
<title>Error ${status} ${text}</title>
</head>
<body><h2>HTTP ERROR ${status} ${text}</h2>
<table>
<tr><th>URI:</th><td>${escapeHtml(path)}</td></tr>
<tr><th>STATUS:</th><td>${status}</td></tr>
<tr><th>MESSAGE:</th><td>${text}</td></tr>
<tr><th>SERVLET:</th><td>Stapler</td></tr>
</table>
<hr/><a href="https://eclipse.org/jetty">Powered by Jetty:// 10.0.12</a><hr/>

</body>
</html>
`,
  };
}

export const notFound = (path: string): Answer => containerError(404, "Not Found", path);

/** Jenkins' own error page, which gives no reason, only the id under which the reason was logged. */
export function oops(status: number, logId: string): Answer {
  const body = `<h1>Oops!</h1><h2>A problem occurred while processing the request.</h2><p>Logging ID=${logId}</p>`;
  return { status, headers: OWN_PAGE, body: page("Jenkins [Jenkins]", body) };
}

/** A refusal of an administrative form: the reason is in a header as well. */
export function formError(message: string): Answer {
  const body = `<h1>Error</h1><p>${escapeHtml(message)}</p>`;
  // A header has Latin-1 characters alone; the container writes a question mark for any other.
  const header = message.replace(/[^\x20-\x7e\xa0-\xff]/g, "?");
  return { status: 400, headers: { ...OWN_PAGE, "x-error": header }, body: page("Error [Jenkins]", body) };
}

/** Without credentials: a page that leads to the sign-in form. `url` is path and query. */
export function signInFirst(url: string): Answer {
  const target = `/login?from=${encodeURIComponent(url)}`;
  return {
    status: 403,
    headers: { "content-type": HTML, "x-jenkins": JENKINS_VERSION },
    body:
      `<html><head><meta http-equiv='refresh' content='1;url=${target}'/>` +
      `<script>window.location.replace('${target}');</script></head>` +
      "<body style='background-color:white; color:white;'>\n\n\nAuthentication required\n<!--\n-->\n\n</body></html>" +
      " ".repeat(300),
  };
}

export function loginPage(): Answer {
  return {
    status: 200,
    headers: OWN_PAGE,
    body: page(
      "Sign in [Jenkins]",
      "<h1>Welcome to Jenkins!</h1><form><label>Keep me signed in</label><button>Sign in</button></form>",
    ),
  };
}

/** A right that Jenkins checks: its Java name, the words of its page, and whether others imply it. */
export interface Permission {
  id: string;
  title: string;
  impliedBy: string | null;
}

export function accessDenied(user: string, permission: Permission, shutdown: string | null): Answer {
  const notice =
    shutdown === null
      ? ""
      : `<div>Jenkins is going to shut down</div>${shutdown === "" ? "" : `<div>Shut down reason: ${escapeHtml(shutdown)}</div>`}`;
  return {
    status: 403,
    headers: {
      "x-you-are-authenticated-as": user,
      "x-required-permission": permission.id,
      ...(permission.impliedBy === null ? {} : { "x-permission-implied-by": permission.impliedBy }),
      ...OWN_PAGE,
    },
    body: page(
      "Jenkins",
      `${notice}<h1>Access Denied</h1><p>${escapeHtml(user)} is missing the ${permission.title} permission</p>`,
    ),
  };
}

/** `GET` on the trigger: the page of `build` and `buildWithParameters`. */
export function postToBuild(): Answer {
  const text =
    "You must use POST method to trigger builds. (From scripts you may instead pass a per-project " +
    "authentication token, or authenticate with your API token.) If you see this page, it may be because a " +
    "plugin offered a GET link; file a bug report for that plugin.";
  return {
    status: 405,
    headers: { allow: "POST", ...OWN_PAGE },
    body: page("Form post required [Jenkins]", `<p>${text}</p>`),
  };
}

/** `GET` on any other URL that changes something. */
export function postRequired(url: string): Answer {
  const text =
    "The URL you're trying to access requires that requests be sent using POST (like a form submission). The " +
    "button below allows you to retry accessing this URL using POST. URL being accessed:";
  return {
    status: 405,
    headers: OWN_PAGE,
    body: page(
      "Method Not Allowed [Jenkins]",
      `<h1>This URL requires POST</h1><p>${text}</p><p>${escapeHtml(url)}</p>` +
        "<p>If you were sent here from an untrusted source, please proceed with caution.</p>",
    ),
  };
}

/** The Pipeline plugin's answer for a build that is no Pipeline. */
export function noPipeline(): Answer {
  return {
    status: 404,
    headers: { "content-type": HTML },
    body:
      "<html><head><meta http-equiv='refresh' content='1;url=..'/><script>window.location.replace('..');</script>" +
      "</head><body style='background-color:white; color:white;'>Not found</body></html>\n",
  };
}

/** The Pipeline plugin's data; unlike Jenkins' own it does not name the version. */
export function pipelineAnswer(model: Json): Answer {
  return {
    status: 200,
    headers: { "content-type": "application/json;charset=utf-8" },
    body: JSON.stringify(model),
  };
}

/** What is answered between the opening of the port and the end of the start. */
export function gettingReady(): Answer {
  return {
    status: 503,
    headers: { "cache-control": "no-cache,no-store,must-revalidate", "content-type": HTML },
    body: page(
      "Starting Jenkins",
      "<h1>Please wait while Jenkins is getting ready to work<span>.</span><span>.</span><span>.</span></h1>" +
        "<p>Your browser will reload automatically when Jenkins is ready.</p>",
    ),
  };
}

/** A page for people. */
export function htmlPage(title: string, body: string): Answer {
  return { status: 200, headers: OWN_PAGE, body: page(`${title} [Jenkins]`, body) };
}

export function redirect(status: 201 | 302 | 303, location: string): Answer {
  return { status, headers: { location }, body: "" };
}
