# The functions as Lambda and SAM run them.

install_sam() { venv sam aws-sam-cli cfn-lint; }

sam_validate() { install_sam && local_aws sam validate --lint && "$cache/sam/bin/cfn-lint" template.yaml; }

# What is not as checkov wants it has its reason beside it in the template.
template_checked() { venv checkov checkov && "$cache/checkov/bin/checkov" -f template.yaml --framework cloudformation --compact --quiet --skip-download; }

# The definition of the recheck is Amazon States Language; go test runs it.
state_machine() {
	command -v npm >/dev/null || install_packages nodejs npm || return 1
	[ -x "$cache/asl/node_modules/.bin/asl-validator" ] || npm install --silent --no-audit --no-fund --prefix "$cache/asl" asl-validator@4.0.0 || return 1
	CUTLINE_ASL=$cache/asl/node_modules/.bin/asl-validator go test -count=1 -run TestStateMachineIsASL ./cmd/cutline
}

sam_build() { install_sam && arch=amd64 local_aws sam build && static .aws-sam/build/Check/bootstrap && static .aws-sam/build/Desk/bootstrap; }

static() { [ -x "$1" ] && ! readelf -d "$1" | grep -q NEEDED; }

# The function itself, under Lambda's runtime interface emulator: a demo
# picture is checked once more, for an event of S3's own form.
emulator() {
	install_sam && make build arch=amd64 && dev || return 1
	local rie
	rie=$(echo "$cache"/sam/lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64)
	chmod +x "$rie"
	port api
	port runtime
	CUTLINE_TABLE=cutline-reports AWS_ENDPOINT_URL_S3=http://127.0.0.1:$s3 AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:$dynamodb \
		serve env "${aws_env[@]}" "$rie" --runtime-interface-emulator-address "127.0.0.1:$api" --runtime-api-address "127.0.0.1:$runtime" build/check/bootstrap >"$work/rie" 2>&1
	wait_for "http://127.0.0.1:$api" && field /api/reports/photos/demo/harbour-own.jpg verdict || return 1
	curl -s -d @functions/check/s3.json "http://127.0.0.1:$api/2015-03-31/functions/function/invocations" | tee "$work/answer"
	grep -q '"batchItemFailures":\[\]' "$work/answer" && grep -q '"msg":"checked"' "$work/rie" && return 0
	cat "$work/rie"
	return 1
}

# Docker, running, with an image under the name of Lambda's base image: that
# one cannot be fetched everywhere, and a static bootstrap needs nothing of it.
image=public.ecr.aws/lambda/provided:al2023-x86_64
docker_ready() {
	install_packages docker.io busybox-static || return 1
	if ! docker version >/dev/null 2>&1; then
		# A daemon that was killed leaves its pid behind, which may be another's by now.
		[ "$(cat "/proc/$(cat /var/run/docker.pid 2>/dev/null)/comm" 2>/dev/null)" = dockerd ] || rm -f /var/run/docker.pid
		serve dockerd >"$work/dockerd" 2>&1
		for _ in $(seq 300); do docker version >/dev/null 2>&1 && break; sleep 0.1; done
	fi
	docker version >/dev/null || { tail -20 "$work/dockerd"; return 1; }
	docker image inspect "$image" >/dev/null 2>&1 && return 0
	local root=$work/image/root
	mkdir -p "$root"/{bin,tmp,etc,opt,usr/bin,var/task,var/runtime,var/rapid} && chmod 1777 "$root/tmp" && cp /bin/busybox "$root/bin/" || return 1
	printf '#!/bin/sh\nexec /var/task/bootstrap\n' >"$root/var/runtime/bootstrap" && chmod +x "$root/var/runtime/bootstrap"
	cat >"$work/image/Dockerfile" <<-'DOCKERFILE'
		FROM scratch
		COPY root /
		RUN ["/bin/busybox", "--install", "-s", "/bin"]
		WORKDIR /var/task
		ENTRYPOINT ["/var/rapid/aws-lambda-rie"]
	DOCKERFILE
	DOCKER_BUILDKIT=0 docker build -q -t "$image" "$work/image"
}

# in_sam COMMAND ARGUMENT...: sam local with what is to be known of the stack.
in_sam() {
	sed "s/:8301/:$s3/; s/:8302/:$dynamodb/" functions/local.json >"$work/local.json"
	local_aws sam local "$@" --env-vars "$work/local.json" --parameter-overrides Architecture=x86_64 --skip-pull-image
}

# rechecked KEY COMMAND...: the command makes the report of the demo picture
# anew.
rechecked() {
	local path=/api/reports/photos/demo/$1 before
	shift
	before=$(field "$path" checked_at) || return 1
	"$@" || return 1
	[ "$(field "$path" checked_at)" != "$before" ] && return 0
	echo "no new report after $*"
	return 1
}

# Each function in a container, for each of its events, then for events that
# SAM makes itself, with a running stack as S3 and DynamoDB.
sam_invoke() {
	docker_ready && sam_build && dev --also-on 172.17.0.1 || return 1
	rechecked harbour-own.jpg in_sam invoke Check -e functions/check/s3.json || return 1
	rechecked kcna-train-complete.jpg in_sam invoke Check -e functions/check/sqs.json || return 1
	rechecked kcna-factory-no-disclaimer.jpg in_sam invoke Check -e functions/check/eventbridge.json || return 1
	in_sam invoke Desk -e functions/desk/list.json | tee "$work/answer" && grep -q '"statusCode": 200' "$work/answer" && grep -q kcna-factory "$work/answer" || return 1
	in_sam invoke Desk -e functions/desk/caption.json | tee "$work/answer" && grep -q '"statusCode": 200' "$work/answer" && grep -q verification.missing "$work/answer" || return 1

	local_aws sam local generate-event s3 put --bucket photos --key demo/port-satellite.jpg >"$work/put.json" &&
		rechecked port-satellite.jpg in_sam invoke Check -e "$work/put.json" || return 1
	local_aws sam local generate-event sqs receive-message --body "$(sed 's/\\/\\\\/g; s/"/\\"/g' "$work/put.json" | tr -d '\n')" >"$work/sqs.json" &&
		rechecked port-satellite.jpg in_sam invoke Check -e "$work/sqs.json" || return 1
	# A message that is no event of S3 fails alone.
	local_aws sam local generate-event sqs receive-message >"$work/hello.json" && in_sam invoke Check -e "$work/hello.json" | tee "$work/answer"
	grep -q '"itemIdentifier": "19dd0b57-b21e-4ac1-bd88-01bbb068cb78"' "$work/answer"
}

# The notifier for its event, with moto as SNS and SQS: the notice arrives in a
# queue that the topic is told to.
sam_notify() {
	docker_ready && sam_build && venv moto 'moto[server]' && venv awscli awscli || return 1
	local topic undelivered
	port moto
	serve "$cache/moto/bin/moto_server" -H 172.17.0.1 -p "$moto" >"$work/moto" 2>&1
	wait_for "http://172.17.0.1:$moto/" || { cat "$work/moto"; return 1; }
	at_moto() { local_aws aws --endpoint-url "http://172.17.0.1:$moto" --output text "$@"; }
	topic=$(at_moto sns create-topic --name notices) && undelivered=$(at_moto sqs create-queue --queue-name undelivered) && at_moto sqs create-queue --queue-name heard &&
		at_moto sns subscribe --topic-arn "$topic" --protocol sqs --notification-endpoint "$(sed 's/sns/sqs/; s/notices/heard/' <<<"$topic")" || return 1
	cat >"$work/notify.json" <<-JSON
		{"Notify": {"CUTLINE_TOPIC": "$topic", "CUTLINE_UNDELIVERED": "$undelivered",
			"AWS_ENDPOINT_URL_SNS": "http://172.17.0.1:$moto", "AWS_ENDPOINT_URL_SQS": "http://172.17.0.1:$moto"}}
	JSON
	local_aws sam local invoke Notify -e functions/notify/stream.json --env-vars "$work/notify.json" --parameter-overrides Architecture=x86_64 --skip-pull-image | tee "$work/answer"
	grep -q '"batchItemFailures": *\[\]' "$work/answer" && at_moto sqs receive-message --queue-url "http://172.17.0.1:$moto/123456789012/heard" | grep -q 'picture.failed'
}

sam_start_api() {
	[ -n "${s3:-}" ] || { docker_ready && sam_build && dev --also-on 172.17.0.1; } || return 1
	port api
	sed "s/:8301/:$s3/; s/:8302/:$dynamodb/" functions/local.json >"$work/local.json"
	serve env "${aws_env[@]}" sam local start-api --port "$api" --env-vars "$work/local.json" --parameter-overrides Architecture=x86_64 --skip-pull-image >"$work/api" 2>&1
	wait_for "http://127.0.0.1:$api/healthz" || { cat "$work/api"; return 1; }
	curl -sf "http://127.0.0.1:$api/" | grep -q 'Pictures – Cutline' &&
		curl -sf "http://127.0.0.1:$api/api/reports?verdict=fail" | grep -q kcna-factory &&
		curl -sf "http://127.0.0.1:$api/static/desk.css" | grep -q '{' && return 0
	tail -20 "$work/api"
	return 1
}

sam_start_lambda() {
	venv awscli awscli || return 1
	port lambda
	serve env "${aws_env[@]}" sam local start-lambda --port "$lambda" --env-vars "$work/local.json" --parameter-overrides Architecture=x86_64 --skip-pull-image >"$work/lambda" 2>&1
	wait_for "http://127.0.0.1:$lambda" || { cat "$work/lambda"; return 1; }
	rechecked market-wrong-weekday.jpg invoke_market
}

invoke_market() {
	sed 's/harbour-own/market-wrong-weekday/' functions/check/s3.json >"$work/market.json"
	local_aws aws lambda invoke --endpoint-url "http://127.0.0.1:$lambda" --function-name Check --payload "fileb://$work/market.json" "$work/answer" &&
		grep -q '"batchItemFailures": *\[\]' "$work/answer"
}

# The three commands of the README's section, as they stand there, in a fresh
# clone.
sam_readme() {
	docker_ready && install_sam || return 1
	local clone=$work/clone command=() line
	git clone -q . "$clone" || return 1
	while IFS= read -r line; do command+=("$line"); done < <(sed -n '/^## SAM local testing/,/^## /s/^    //p' "$clone/README.md")
	[ ${#command[@]} -eq 3 ] || { echo "not three commands: ${command[*]}"; return 1; }
	(cd "$clone" && exec setsid bash -c "${command[0]}") >"$work/readme-dev" 2>&1 &
	started+=($!)
	desk=8300
	wait_for http://127.0.0.1:8300/healthz || { cat "$work/readme-dev"; return 1; }
	rechecked harbour-own.jpg sam_readme_build "$clone" "${command[1]}" "${command[2]}"
}

sam_readme_build() { (export PATH=$cache/sam/bin:$PATH SAM_SKIP_PULL_IMAGE=1 && cd "$1" && bash -c "$2" && bash -c "$3"); }
