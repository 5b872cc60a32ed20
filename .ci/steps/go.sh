# What needs only Go.

formatted() { local f; f=$(gofmt -l cmd examples functions internal); [ -z "$f" ] || { echo "$f"; return 1; }; }

# Two builds of the same source, in two folders, are the same bytes.
reproducible() {
	local a=$work/one b=$work/another/folder one
	git clone -q . "$a" && git clone -q . "$b" || return 1
	for one in "$a" "$b"; do make -s -C "$one" build || return 1; done
	for one in check desk notify; do cmp "$a/build/$one/bootstrap" "$b/build/$one/bootstrap" || return 1; done
}

bill_of_materials() { make -s sbom && grep -q '"pkg:golang/github.com/aws/aws-sdk-go-v2@' build/sbom.json; }

staticcheck_all() {
	[ -x "$cache/bin/staticcheck" ] || GOBIN="$cache/bin" go install honnef.co/go/tools/cmd/staticcheck@latest || return 1
	"$cache/bin/staticcheck" ./...
}
