# Everything that is more than one word to type.
version := $(or $(shell git describe --always --dirty 2>/dev/null),dev)
arch    ?= arm64

# Nothing of the machine or the folder goes into it: the same source gives the
# same bytes.
bootstrap = CGO_ENABLED=0 GOOS=linux GOARCH=$(arch) go build -trimpath -buildvcs=false -tags lambda.norpc -ldflags "-s -w -buildid= -X main.version=$(version)"

.PHONY: build test check bench audit sbom

# The functions' bootstraps, static: a bootstrap linked against this machine's
# C library would not start in Lambda.
build: build/check/bootstrap build/desk/bootstrap build/notify/bootstrap

build/%/bootstrap: FORCE
	$(bootstrap) -o $@ ./functions/$*

FORCE:

test:
	go test ./...

check:
	.ci/run

# Known weaknesses of what is used, where their database can be reached.
audit:
	go run golang.org/x/vuln/cmd/govulncheck@latest ./...

# What the functions and the command are made of, as CycloneDX.
sbom: build/sbom.json

build/sbom.json: FORCE
	mkdir -p build
	go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@latest mod -licenses -json -output $@

# Cutline beside what one would use instead, into the README and
# internal/bench/table.md. It installs what it needs, and takes ten minutes.
bench:
	.ci/bench -write

# Agreement with the reference readers, in tables. Needs the programs that
# .ci/run installs for it.
.PHONY: conformance conformance-credentials conformance-pictures
conformance: conformance-pictures conformance-credentials

# CUTLINE_EXIFTOOL is the command's name.
conformance-pictures: export CUTLINE_EXIFTOOL ?= exiftool
conformance-pictures:
	go test -count=1 -v -run TestConformance ./internal/photo ./internal/writeback

# CUTLINE_C2PA_PYTHON is a python that has c2pa-python.
conformance-credentials:
	go test -count=1 -v -run TestConformance ./internal/credential

# sam build calls these with the folder that it wants the bootstrap in.
.PHONY: build-Check build-Desk build-Notify
build-Check: function = check
build-Desk: function = desk
build-Notify: function = notify
build-Check build-Desk build-Notify:
	$(bootstrap) -o $(ARTIFACTS_DIR)/bootstrap ./functions/$(function)
