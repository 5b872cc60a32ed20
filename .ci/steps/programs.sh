# Other programs at the desk, as the README shows them.

# The blocks of the README's section are one script here, over a running stack
# whose notices the example listens to.
programs() {
	local picture
	install_packages jq curl || return 1
	port hook
	export CUTLINE_WEBHOOK_SECRET
	CUTLINE_WEBHOOK_SECRET=whsec_$(head -c 24 /dev/urandom | base64)
	go build -o "$work/cms" ./cmd/cms || return 1
	serve "$work/cms" listen "127.0.0.1:$hook" >"$work/heard" 2>&1
	dev --webhook "http://127.0.0.1:$hook/" || return 1
	for picture in kcna-factory-no-disclaimer harbour-own; do field "/api/reports/photos/demo/$picture.jpg" verdict >/dev/null || return 1; done
	sed -n '/^## For other programs/,/^## Notices/p' README.md | sed -n 's/^    //p' |
		sed "s/127.0.0.1:8300/127.0.0.1:$desk/g; s/127.0.0.1:8302/127.0.0.1:$dynamodb/g; s|picture.jpg|$work/picture.jpg|g" >"$work/programs"
	[ -s "$work/programs" ] || return 1
	printf 'no picture' >"$work/picture.jpg"
	bash -eux -o pipefail "$work/programs" || return 1
	for _ in $(seq 50); do
		grep -q 'picture.failed s3://photos/demo/kcna-factory-no-disclaimer.jpg' "$work/heard" &&
			grep -q 'picture.decided s3://photos/demo/kcna-factory-no-disclaimer.jpg: hold by' "$work/heard" && return 0
		sleep 0.1
	done
	cat "$work/heard"
	return 1
}
