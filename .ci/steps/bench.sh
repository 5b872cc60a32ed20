# How fast it is beside others.

# Processor time beside others, with internal/bench/ratios.md: fails where a
# ratio is worse by more than a third. Allocations are counted by tests.
ratios() {
	with_others go run ./internal/bench -ratios >"$work/ratios" &&
		go test -count=1 -run TestAllocations ./internal/photo ./internal/caption ./internal/check
}

# with_others COMMAND...: the programs that Cutline is measured beside.
with_others() {
	install_packages libimage-exiftool-perl exiv2 && venv bench c2pa-python==0.38.1 boto3 Pillow awslambdaric &&
		tool vale github.com/errata-ai/vale/v3/cmd/vale@v3.7.1 || return 1
	CUTLINE_EXIFTOOL=exiftool CUTLINE_EXIV2=exiv2 CUTLINE_VALE=$cache/bin/vale CUTLINE_PYTHON=$cache/bench/bin/python "$@"
}
