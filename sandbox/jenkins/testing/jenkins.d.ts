/**
 * What the tests use of the npm client `jenkins` 1.1. The community types lack the option-object calls
 * (`tree`, `delay`, `timeout`, `agent`) and the request layer, so the parts we rely on are declared here.
 * Answers are `unknown`: they are foreign input.
 */
declare module "jenkins" {
  type Answer = {
    statusCode: number;
    headers: import("node:http").IncomingHttpHeaders;
    body?: unknown;
  };
  type Query = Record<string, string | number>;
  type PendingRequest = { ctx?: import("node:events").EventEmitter };

  export default class Jenkins {
    constructor(options: {
      baseUrl: string;
      crumbIssuer: boolean;
      headers: Record<string, string>;
      /** Milliseconds for the whole request. */
      timeout: number;
      agent: import("node:http").Agent;
    });
    build: {
      get(options: { name: string; number: number; tree: string }): Promise<unknown>;
      stop(options: { name: string; number: number }): Promise<void>;
    };
    job: {
      get(options: { name: string; tree: string }): Promise<unknown>;
      create(options: { name: string; xml: string }): Promise<void>;
      build(options: { name: string; parameters: Record<string, string>; delay: string }): Promise<unknown>;
    };
    queue: {
      item(options: { number: number; tree: string }): Promise<unknown>;
      list(options: { tree: string }): Promise<unknown>;
    };
    /** Rejects for every status but 2xx; the error carries the answer as `res`. Never follows redirects. */
    _get(request: { path: string; query?: Query; buffer?: boolean }): Promise<Answer>;
    _post(request: { path: string; query?: Query }): Promise<Answer>;
    _ext(event: "onCreate", hook: (request: PendingRequest, next: () => void) => void): void;
  }
}
