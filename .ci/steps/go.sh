# What needs only Go.

formatted() { local f; f=$(gofmt -l cmd functions internal); [ -z "$f" ] || { echo "$f"; return 1; }; }

# Two builds of the same source, in two folders, are the same bytes.
reproducible() {
	local a=$work/one b=$work/another/folder one
	git clone -q . "$a" && git clone -q . "$b" || return 1
	for one in "$a" "$b"; do make -s -C "$one" build || return 1; done
	for one in check desk notify; do cmp "$a/build/$one/bootstrap" "$b/build/$one/bootstrap" || return 1; done
}

bill_of_materials() { make -s sbom && grep -q '"pkg:golang/github.com/aws/aws-sdk-go-v2@' build/sbom.json; }

# tool NAME MODULE@VERSION: a program in $cache/bin, of that version.
tool() {
	local module=${2%@*} version=${2#*@}
	go version -m "$cache/bin/$1" 2>/dev/null | grep -q "^	path	$module\$" && go version -m "$cache/bin/$1" | grep -q "^	mod	.*	$version	" && return 0
	GOBIN="$cache/bin" go install "$2"
}

staticcheck_all() { tool staticcheck honnef.co/go/tools/cmd/staticcheck@v0.8.2 && "$cache/bin/staticcheck" ./...; }

# Where gosec is wrong in one place, the reason stands there. As a whole are
# left out:
#   G104  errors not looked at: writers that cannot fail (hashes, buffers), and
#         answers whose reader has gone
#   G304  a file whose name is a variable: the files that a user names
# and in some folders, in this order:
#   what serves tests, measurements and demo pictures only;
#   conversions of numbers that Cutline itself wrote, its word tables, borders
#   and prints (of what pictures say, every one is looked at);
#   MD5, which the formats ask for, not as protection (XMP part 3, 1.1.3.1;
#   Photoshop's resource 1061);
#   redirects of the desk, which begin with /reports/ or are addresses that it
#   signed itself;
#   the example program, which asks the desk that its user names.
gosec_all() {
	local apart='internal/(bench|demo|[a-z]+/[a-z]+test)/.*:*'
	apart+=';internal/(caption|likeness|place|rules)/.*:G115'
	apart+=';internal/(photo|writeback)/.*:G401,G501'
	apart+=';internal/desk/.*:G710'
	apart+=';cmd/cms/.*:G704'
	tool gosec github.com/securego/gosec/v2/cmd/gosec@v2.30.0 &&
		"$cache/bin/gosec" -quiet -nosec-require-rules -nosec-require-justification -exclude=G104,G304 -exclude-rules="$apart" ./...
}
