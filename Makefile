# make test     everything that continuous integration runs
# make build    one static binary, ./whetstone
# make console  the web console: api/console/dist out of its sources
# make fast     the tests alone, without PostgreSQL, Qdrant and the race detector

LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: test build console fast lint bench clean

test:
	@deploy/test/run.sh

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o whetstone ./cmd/whetstone

console:
	cd api/console/build && go run .

fast:
	go test ./...

lint:
	go run $(LINT) run
	cd api/console/e2e && go run $(LINT) run

bench:
	go run ./cmd/whetstone bench

clean:
	rm -f whetstone
