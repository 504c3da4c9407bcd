// "Imports run one way": app -> components -> lib. The rules of architecture, checked by `npm test -- --only imports`.

// Rules as functions of their arguments. templates/render.ts is not among them: it runs a worker that can be killed.
const CORE =
  "^lib/(?!templates/render)(?:[^/]+/(?:schema|state|roles|policy|render|diff|checks)|state-machine)\\.ts$";

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "Two files that need each other are one file, or lack a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "nothing-imports-app",
      comment: "Routes and pages are entrances; what two of them share lives in components or lib.",
      severity: "error",
      from: { pathNot: "^(app|pages|e2e)/" },
      to: { path: "^(app|pages)/" },
    },
    {
      name: "components-see-the-browser-safe-part-of-lib",
      comment: "Services, queries and the database stay on the server: take schema, state, client or policy.",
      severity: "error",
      from: { path: "^components/" },
      to: {
        path: "^lib/",
        pathNot: [
          "^lib/[^/]+/[a-z-]*(schema|state|client)\\.tsx?$",
          "^lib/access/(policy|roles)\\.ts$",
          "^lib/(i18n/|http/(fetch|client|problem|problem-of)\\.ts$)",
          "^lib/errors\\.ts$",
          "^lib/artifacts/content\\.ts$",
          "^lib/builds/(eta|log-noise)\\.ts$",
          "^lib/tickets/(find|pattern)\\.ts$",
        ],
      },
    },
    {
      name: "ui-knows-no-domain",
      comment: "Primitives have no domain words.",
      severity: "error",
      from: { path: "^components/ui/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^(lib/(?!i18n/)|components/(?!ui/))" },
    },
    {
      name: "core-is-pure",
      comment: "No clock, no database, no adapter, no Node.js: facts come in as arguments.",
      severity: "error",
      from: { path: CORE },
      to: {
        path: [
          "^(app|pages|components|sandbox|scripts)/",
          "^lib/(db|env|logger|metrics|crypto)\\.ts$",
          "^lib/(adapters/(?!ports)|audit/(?!schema)|events/(?!schema)|queue|generated)",
          "^lib/[^/]+/(queries|service|jobs|reconcile|transaction|client)\\.ts$",
          "node_modules/(next|next-auth|pg|pg-boss|@prisma|pino)/",
        ],
      },
    },
    {
      name: "core-needs-no-node",
      comment: "The browser loads schema, state and policy as well.",
      severity: "error",
      from: { path: CORE },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "adapters-know-no-product",
      comment: "An adapter translates a vendor's words into ports.ts; its configuration is passed in.",
      severity: "error",
      from: { path: "^lib/adapters/([^/]+)/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^(lib|app|pages|components|sandbox|scripts)/",
        pathNot: ["^lib/adapters/$1/", "^lib/adapters/(testing/)?[^/]+\\.ts$", "^lib/errors\\.ts$"],
      },
    },
    {
      name: "only-adapters-see-vendors",
      comment: "Vendors stop at the adapter.",
      severity: "error",
      from: { path: "^(app|pages|components|lib)/", pathNot: "^lib/adapters/" },
      to: { path: "node_modules/(jenkins|@kubernetes/client-node|ldapts)/" },
    },
    {
      name: "the-portal-meets-the-sandbox-through-a-url",
      comment: "No in-process fakes: product code never imports the sandbox servers.",
      severity: "error",
      from: { path: "^(app|pages|components|lib)/", pathNot: ["\\.test\\.tsx?$", "/testing/"] },
      to: { path: "^(sandbox|e2e|bench|scripts)/" },
    },
    {
      name: "the-sandbox-knows-no-product",
      comment: "A sandbox server that shared code with the portal would share its misunderstandings.",
      severity: "error",
      from: { path: "^sandbox/" },
      to: { path: "^(app|pages|components|lib)/" },
    },
    {
      name: "no-tests-in-product",
      comment: "Tests and their helpers (`testing` folders) are for tests.",
      severity: "error",
      from: { pathNot: ["\\.(test|spec)\\.tsx?$", "/testing/", "^e2e/", "^scripts/check-migrations\\.ts$"] },
      to: { path: ["\\.(test|spec)\\.tsx?$", "/testing/"], pathNot: "node_modules" },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no JavaScript API yet; swc parses the same syntax.
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(lib/generated|\\.next|sandbox/[^/]+/recorded)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
};
