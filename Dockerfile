# syntax=docker/dockerfile:1.9

# Debian, not Alpine: onnxruntime-node and Temporal's core ship glibc binaries only. A tag moves; a release names the digest it stands for:
#   docker buildx imagetools inspect node:24-bookworm-slim --format '{{.Manifest.Digest}}'
#   docker build --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:… .
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# `--build-arg WITH_NATIVE_KERNELS=yes` compiles the add-on that makes features and resampling cheaper on x86-64, with the same results.
# The compiler stays in this stage.
ARG WITH_NATIVE_KERNELS=no
RUN case "$WITH_NATIVE_KERNELS" in \
      yes) apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/* ;; \
      no) ;; \
      *) echo "WITH_NATIVE_KERNELS is '$WITH_NATIVE_KERNELS', expected yes or no" >&2; exit 1 ;; \
    esac
# Manifests first: the layer with the dependencies is rebuilt only when these change.
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN node scripts/build.mjs

FROM ${NODE_IMAGE} AS dependencies
# `--build-arg WITH_NODE_AV=yes` adds FFmpeg in process, which decodes with less CPU. Its binary is under the GPL, version 3 or later, so
# whoever passes such an image on must pass on FFmpeg's source with it. Without it Debian's ffmpeg decodes, a program of its own.
ARG WITH_NODE_AV=no
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Development tools stay out, and with `optional` node-av and all that only it needs.
RUN case "$WITH_NODE_AV" in \
      yes) npm ci --omit=dev --ignore-scripts ;; \
      no) npm ci --omit=dev --omit=optional --ignore-scripts ;; \
      *) echo "WITH_NODE_AV is '$WITH_NODE_AV', expected yes or no" >&2; exit 1 ;; \
    esac \
    && npm cache clean --force

FROM ${NODE_IMAGE} AS worker
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
COPY package.json LICENSE NOTICE ./
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
CMD ["node", "--max-old-space-size=512", "--initial-old-space-size=96", "--min-semi-space-size=8", "--max-semi-space-size=8", "--single-threaded-gc", "--no-memory-reducer", "--enable-source-maps", "dist/workers/main.js"]
