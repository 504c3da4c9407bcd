# Two images from one build:
#   docker build --target web -t refract-web .         the portal's web server
#   docker build --target worker -t refract-worker .   its worker; `npx prisma migrate deploy` in it migrates, and
#                                                      `node scripts/first-admin.ts` makes the first administrator
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund

FROM dependencies AS build
COPY . .
RUN npx prisma generate && node scripts/build.ts

FROM node:24-bookworm-slim AS production-dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim AS web
# git: the portal reads refs and commits of source repositories.
RUN apt-get update && apt-get install -y --no-install-recommends git ca-certificates openssl \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build --chown=node:node /app/.next/standalone ./
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]

FROM node:24-bookworm-slim AS worker
RUN apt-get update && apt-get install -y --no-install-recommends git ca-certificates openssl \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=production-dependencies --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/package.json /app/prisma.config.ts ./
COPY --from=build --chown=node:node /app/lib ./lib
COPY --from=build --chown=node:node /app/prisma ./prisma
# Migrations need Prisma's schema engine; here it needs no download.
COPY --from=build --chown=node:node /app/scripts/prisma ./scripts/prisma
COPY --from=build --chown=node:node /app/scripts/first-admin.ts ./scripts/
USER node
CMD ["node", "--disable-warning=ExperimentalWarning", "lib/queue/worker.ts"]
