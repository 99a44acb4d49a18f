#!/bin/bash
# Sets up what the tests need, then vets, lints and tests: everything but long
# simulations with the race detector, which makes those ten times slower, then
# the packages that have such simulations, whole and without it. What cannot be
# had is skipped with a line that says so.
#   WHETSTONE_TEST_POSTGRES  a PostgreSQL for tests; without it one is started
#   WHETSTONE_TEST_QDRANT    host:port of a Qdrant (gRPC); without it a `qdrant`
#                            program on the PATH is started by the tests
set -euo pipefail
cd "$(dirname "$0")/../.."
GOTESTSUM=gotest.tools/gotestsum@v1.13.0
skipped=0
skip() { skipped=$((skipped + 1)); echo "SKIPPED: $*"; }

if [ -z "${WHETSTONE_TEST_POSTGRES:-}" ]; then
  pgdir=$(mktemp -d)
  chmod 755 "$pgdir"
  trap 'deploy/test/postgres.sh stop "$pgdir"' EXIT
  if WHETSTONE_TEST_POSTGRES=$(deploy/test/postgres.sh start "$pgdir"); then
    export WHETSTONE_TEST_POSTGRES
  else
    unset WHETSTONE_TEST_POSTGRES
    skip "every test on PostgreSQL: no server could be started"
  fi
fi
if [ -z "${WHETSTONE_TEST_QDRANT:-}" ] && ! command -v qdrant >/dev/null; then
  skip "the Qdrant contract: no qdrant program on the PATH and WHETSTONE_TEST_QDRANT is not set"
fi

echo "== build without cgo"
CGO_ENABLED=0 go build -o /dev/null ./cmd/whetstone
echo "== vet"
go vet ./...
echo "== console"
(cd api/console/build && go vet ./... && go run . -check)
if command -v npx >/dev/null; then
  npx --yes --package typescript@5.9.3 tsc -p api/console/src
else
  skip "the types of the console's sources: no npx, which comes with Node.js"
fi
echo "== lint"
make --no-print-directory lint
echo "== test"
# The race detector needs a C compiler.
race=-race
if ! command -v "$(go env CC)" >/dev/null; then
  race=
  skip "the race detector: no C compiler"
fi
go test $race -short ./...
go test $race -run '^TestKilled$' ./retrieval/memindex # no simulation: it starts processes
echo "== simulations"
mapfile -t simulating < <(grep -rl --include='*_test.go' --exclude-dir=e2e 'testing\.Short()' . | xargs dirname | sort -u)
go test "${simulating[@]}"
echo "== console in a browser"
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null
if ! browser && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; } >&2 || true
fi
if browser; then
  # Whole, with tens of thousands of rows: there is no race detector in a browser.
  export WHETSTONE_SCREENSHOTS=${WHETSTONE_SCREENSHOTS:-$(mktemp -d -t whetstone-screenshots-XXXXXX)}
  # A browser on a busy machine now and then does not answer. A test that fails
  # is run once more by itself, and is told of; what fails twice fails.
  again=$(mktemp)
  (cd api/console/e2e && go vet ./... &&
    go run "$GOTESTSUM" --format testname --rerun-fails=1 --rerun-fails-report="$again" --packages=./... -- -count=1 -timeout 40m)
  [ ! -s "$again" ] || { echo "RUN TWICE, since they failed at first:" && cat "$again"; }
  echo "screenshots of every page and state are in $WHETSTONE_SCREENSHOTS"
else
  skip "every test of the console in a browser: no chromium on the PATH"
fi
[ "$skipped" = 0 ] || echo "SKIPPED in all: $skipped; see the lines above"
