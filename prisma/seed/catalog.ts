/** The demo's people, environments and projects: named, small, and of different kinds. */

export const USERS = [
  { username: "dev", displayName: "陈晓", globalRoles: [] },
  { username: "tester", displayName: "林静", globalRoles: [] },
  { username: "ops", displayName: "王磊", globalRoles: [] },
  { username: "ops2", displayName: "赵敏", globalRoles: [] },
  { username: "owner", displayName: "周航", globalRoles: [] },
  { username: "auditor", displayName: "吴岚", globalRoles: ["auditor"] },
  { username: "admin", displayName: "平台管理员", globalRoles: ["admin"] },
] as const;
export type Username = (typeof USERS)[number]["username"];

export const ENVIRONMENTS = [
  {
    key: "FAT",
    name: "功能测试",
    rank: 10,
    kind: "open",
    approvalsRequired: 0,
    fourEyes: false,
    observeSeconds: 0,
  },
  {
    key: "STAGING",
    name: "准生产",
    rank: 20,
    kind: "controlled",
    approvalsRequired: 1,
    fourEyes: true,
    observeSeconds: 2,
  },
  {
    key: "PROD",
    name: "生产",
    rank: 30,
    kind: "controlled",
    approvalsRequired: 1,
    fourEyes: true,
    observeSeconds: 3,
  },
] as const;

type ComponentSeed = {
  key: string;
  name: string;
  kind: "service" | "site";
  repository: string;
  baseImage: string;
  buildCommand: string;
  needsPython?: boolean;
  variables: Record<string, string>;
};
type ProjectSeed = {
  key: string;
  name: string;
  description: string;
  members: [Username, string][];
  developersMayDeploy: boolean;
  components: ComponentSeed[];
};

const node = { baseImage: "base/node:24", buildCommand: "node build.mjs" };
const python = { baseImage: "base/python:3", buildCommand: "python3 build.py", needsPython: true };

export const PROJECTS: ProjectSeed[] = [
  {
    key: "quotes",
    name: "行情服务",
    description: "实时行情、逐笔存储与行情门户",
    members: [
      ["dev", "developer"],
      ["tester", "tester"],
      ["ops", "ops"],
      ["ops2", "ops"],
      ["owner", "owner"],
    ],
    developersMayDeploy: true,
    components: [
      {
        key: "quote-api",
        name: "行情接口",
        kind: "service",
        repository: "quote-api",
        ...node,
        variables: { QUOTE_CACHE_SECONDS: "3" },
      },
      {
        key: "tick-store",
        name: "逐笔存储",
        kind: "service",
        repository: "tick-store",
        ...python,
        variables: { LOG_LEVEL: "info" },
      },
      { key: "portal-web", name: "行情门户", kind: "site", repository: "portal-web", ...node, variables: {} },
      {
        key: "risk-check",
        name: "风控检查",
        kind: "service",
        repository: "risk-check",
        ...node,
        variables: { LOG_LEVEL: "info" },
      },
    ],
  },
  {
    key: "trading",
    name: "交易网关",
    description: "委托接入与盘后归档",
    members: [
      ["owner", "owner"],
      ["tester", "tester"],
      ["ops", "ops"],
      ["ops2", "ops"],
    ],
    developersMayDeploy: false,
    components: [
      {
        key: "order-gateway",
        name: "委托网关",
        kind: "service",
        repository: "quote-api",
        ...node,
        variables: {},
      },
      {
        key: "tick-archive",
        name: "行情归档",
        kind: "service",
        repository: "tick-store",
        ...python,
        variables: {},
      },
      { key: "trade-web", name: "交易页面", kind: "site", repository: "portal-web", ...node, variables: {} },
    ],
  },
];
