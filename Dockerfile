# Ambit as an image: no shell, no package manager, no root, no network. The root file system may be read-only.
#   docker build -t ambit . && docker run --rm --network none --read-only -v "$PWD:/work:ro" ambit compile --check
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM gcr.io/distroless/nodejs24-debian12:nonroot
COPY --from=build /build/package.json /ambit/package.json
COPY --from=build /build/dist /ambit/dist
COPY --from=build /build/schemas /ambit/schemas
COPY --from=build /build/docs /ambit/docs
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/nodejs/bin/node", "/ambit/dist/ambit.js"]
