#!/usr/bin/env bash
# Builds the programs of a release into dist/, with checksums. The same commit gives
# the same bytes in every folder and on every machine: paths and build ids are left
# out, and commit and version stand in (avow version). With "twice" it builds once more
# from a copy of the sources elsewhere, with an empty cache, and compares. CACHE=kept
# saves the minutes of that, and then mostly the linking is done twice.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
systems=${SYSTEMS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64}

# build FOLDER OUT
build() {
  local s
  mkdir -p "$2"
  for s in $systems; do
    (cd "$1" && CGO_ENABLED=0 GOOS="${s%/*}" GOARCH="${s#*/}" \
      "$go" build -trimpath -pgo=cmd/avow/serve.pgo -ldflags "-s -w -buildid=" -o "$2/avow-${s%/*}-${s#*/}" ./cmd/avow)
  done
  (cd "$2" && sha256sum avow-* > SHA256SUMS)
}

rm -rf dist
build . "$PWD/dist"
if [ "${1:-}" = twice ]; then
  around=$(mktemp -d)
  elsewhere=$around/avow
  mkdir "$elsewhere"
  trap 'rm -rf "$around"' EXIT
  tar --exclude=./dist --exclude=./bin --exclude=node_modules -cf - . | tar -xf - -C "$elsewhere"
  [ "${CACHE:-}" = kept ] || export GOCACHE="$around/cache"
  build "$elsewhere" "$elsewhere/dist"
  cmp dist/SHA256SUMS "$elsewhere/dist/SHA256SUMS" || { echo "two builds of one source differ"; exit 1; }
  echo "built twice in two folders: the same bytes"
fi
cat dist/SHA256SUMS
