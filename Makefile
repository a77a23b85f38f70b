# The commands of avow. "make test" is all a fresh machine with Go needs.
GO       ?= go
TOOL     := $(GO) tool -modfile=tools/go.mod
TESTBED  := $(GO) run ./internal/testbed --
SYSTEMS  ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64
FUZZTIME ?= 10s
SOAK     ?= 10m
AXE      := tools/node_modules/axe-core/axe.min.js
.PHONY: help build demo test screens lint check bench fuzz soak release vuln
help: ## say what can be made
	@awk -F ': .*## ' '/^[a-z]+:.* ## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
build: ## bin/avow, for this machine
	CGO_ENABLED=0 $(GO) build -trimpath -pgo=cmd/avow/serve.pgo -o bin/avow ./cmd/avow
demo: build ## a server with two platforms full of made-up people, to try everything on
	./bin/avow demo
$(AXE): tools/package-lock.json
	npm ci --prefix tools --ignore-scripts --no-audit --no-fund && touch $@ || { echo "axe-core is fetched by npm; on Debian: sudo apt-get install -y npm"; exit 1; }
screens: $(AXE) ## pictures of every page, in docs/screens
	rm -rf docs/screens && for p in scenes demo demo/store; do \
	  $(GO) test ./internal/$$p -run ByEverybody -count 1 -timeout 20m -args -screens $(CURDIR)/docs/screens || exit 1; done
test: $(AXE) ## vet and test on SQLite, PostgreSQL and MariaDB, which are installed where they may be
	$(GO) vet ./...
	$(GO) run ./internal/testbed -memory -- $(GO) test -vet=off -p $$(expr 1 + $$(getconf _NPROCESSORS_ONLN)) -timeout 15m $(TESTFLAGS) ./...
lint: ## format, vet and staticcheck
	@unformatted="$$($(TOOL) gofumpt -l .)" && test -z "$$unformatted" || { echo "run gofumpt -w on: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(TOOL) staticcheck -checks all,-ST1000 ./...
check: lint test ## what a change must pass
bench: build ## every figure beside its target, as docs/benchmarks.md has them; BENCH=-quick for small sizes
	$(GO) build -o bin/avowbench ./cmd/avowbench && $(TESTBED) bin/avowbench report -avow bin/avow $(BENCH)
fuzz: ## every fuzz target for FUZZTIME each
	@$(GO) vet ./...
	@$(GO) test -list '^Fuzz' ./... | awk '/^Fuzz/{f[n++]=$$1} /^ok/{for(i=0;i<n;i++)print $$2, f[i]; n=0}' | while read -r p f; do \
	  echo "fuzz $$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x $$p </dev/null || exit 1; done
soak: ## the long loops (tests named Soak), for SOAK each; at the end a table of what was done and lost
	{ AVOW_SOAK=$(SOAK) $(TESTBED) $(GO) test -v -run Soak -count 1 -timeout 24h $(TESTFLAGS) ./... 2>&1 || echo "soak: failed-tests 1 losses 1"; } | awk -f tools/soak.awk
release: ## the same bytes on every machine, with checksums, in dist/, built twice and compared
	GO="$(GO)" SYSTEMS="$(SYSTEMS)" packaging/release.sh twice
vuln: ## known weaknesses that the program can reach, where their database can be
	GO="$(GO)" packaging/vuln.sh
