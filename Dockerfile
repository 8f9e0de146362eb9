# syntax=docker/dockerfile:1.9

# Debian, not Alpine: onnxruntime-node and Temporal's core ship glibc binaries only.
FROM node:24-bookworm-slim AS build
WORKDIR /app
# Manifests first: the layer with the dependencies is rebuilt only when these change.
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN node scripts/build.mjs

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Development tools stay out; node-av is optional and its install script would download.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim AS worker
# An init that reaps the decoder's processes and hands SIGTERM on; certificates for S3, SQS and Temporal Cloud.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates ffmpeg tini \
    && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production \
    SERVICE_MODE=all \
    HEALTH_HOST=0.0.0.0 \
    HEALTH_PORT=8080 \
    SCRATCH_PATH=/scratch \
    CSV_OUTPUT_PATH=/data/results.csv
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY bin ./bin
COPY models ./models
# Everything that is written goes here, so that the root file system can be mounted read-only.
RUN install -d -o node -g node /scratch /data
VOLUME ["/scratch", "/data"]
USER node
EXPOSE 8080
# Live, not ready: a database that is away must not get the worker restarted.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.HEALTH_PORT||8080)+'/health/live',{signal:AbortSignal.timeout(4000)}).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "--max-old-space-size=512", "--initial-old-space-size=96", "--max-semi-space-size=8", "--single-threaded-gc", "--enable-source-maps", "dist/workers/main.js"]
