# What other programs read from the same pictures.

# Every field, as ExifTool reads it.
conformance_pictures() {
	install_packages libimage-exiftool-perl || return 1
	make -s conformance-pictures >"$work/pictures" 2>&1 && return 0
	cat "$work/pictures"
	return 1
}

# Credentials: agreement with c2pa-python, file by file.
conformance_credentials() {
	venv c2pa c2pa-python==0.38.1 || return 1
	CUTLINE_C2PA_PYTHON=$cache/c2pa/bin/python make -s conformance-credentials >"$work/credentials" 2>&1
	local status=$?
	cat "$work/credentials"
	grep -q 'agreement with c2pa-python' "$work/credentials" || return 1
	return $status
}
