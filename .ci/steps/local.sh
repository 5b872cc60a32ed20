# The stack on one machine, as its users reach it.

# What the aws command line and the functions need to reach a running
# cutline dev. STS is where SAM asks for the account: nothing answers there.
aws_env=(AWS_ACCESS_KEY_ID=cutline AWS_SECRET_ACCESS_KEY=cutline-local AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
	AWS_ENDPOINT_URL_STS=http://127.0.0.1:1 AWS_MAX_ATTEMPTS=1 SAM_CLI_TELEMETRY=0
	"PATH=$cache/sam/bin:$cache/awscli/bin:$PATH")
local_aws() { env "${aws_env[@]}" "$@"; }

# dev [FLAG...]: cutline dev with its demo pictures, on the ports desk, s3 and
# dynamodb, in a new folder.
dev() {
	go build -o "$work/cutline" ./cmd/cutline || return 1
	port desk && port s3 && port dynamodb
	serve "$work/cutline" dev --demo --data "$(mktemp -d -p "$work")" --desk "127.0.0.1:$desk" --s3 "127.0.0.1:$s3" --dynamodb "127.0.0.1:$dynamodb" "$@" >"$work/dev" 2>&1
	wait_for "http://127.0.0.1:$desk/healthz" || { cat "$work/dev"; return 1; }
}

# field PATH NAME: a field of the JSON that the desk answers at the path, as
# soon as there is something.
field() {
	for _ in $(seq 200); do curl -sf "http://127.0.0.1:$desk$1" >"$work/field" && break; sleep 0.1; done
	python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$work/field" "$2"
}

# An upload with the aws command line to a running stack, its report read back.
aws_upload() {
	venv awscli awscli && dev || return 1
	printf 'no picture' >"$work/own.jpg"
	local_aws aws --endpoint-url "http://127.0.0.1:$s3" s3 cp "$work/own.jpg" 's3://photos/a b+김.jpg' || return 1
	for _ in $(seq 30); do
		curl -s "http://127.0.0.1:$desk/api/reports/photos/a%20b+%EA%B9%80.jpg" | grep -q metadata.unreadable && return 0
		sleep 0.1
	done
	curl -s "http://127.0.0.1:$desk/api/reports?limit=3"
	return 1
}
