# What needs only Go.

formatted() { local f; f=$(gofmt -l cmd examples functions internal); [ -z "$f" ] || { echo "$f"; return 1; }; }

staticcheck_all() {
	[ -x "$cache/bin/staticcheck" ] || GOBIN="$cache/bin" go install honnef.co/go/tools/cmd/staticcheck@latest || return 1
	"$cache/bin/staticcheck" ./...
}
