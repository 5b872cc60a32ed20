# The desk's pages in a real browser, with axe-core on each.
pages_in_chromium() {
	install_packages chromium fonts-noto-core fonts-noto-cjk libimage-exiftool-perl || return 1
	# A machine may have another Node.js than Debian's, which Debian's npm refuses.
	command -v npm >/dev/null || install_packages nodejs npm || return 1
	[ -f "$cache/axe/node_modules/axe-core/axe.min.js" ] || npm install --silent --no-audit --no-fund --prefix "$cache/axe" axe-core@4 || return 1
	CUTLINE_CHROMIUM=$(command -v chromium) CUTLINE_AXE=$cache/axe/node_modules/axe-core/axe.min.js \
		CUTLINE_SHOTS=${CUTLINE_SHOTS:-$work/shots} go test -count=1 ./internal/desk/browser
}
