# The store, the desk's first page and faults on DynamoDB Local.

dynamodb_local() {
	{ command -v mvn && command -v java; } >/dev/null || install_packages maven default-jre-headless || return 1
	if [ ! -d "$cache/dynamodb-local/lib" ]; then
		mkdir -p "$cache/dynamodb-local"
		cat >"$cache/dynamodb-local/pom.xml" <<-POM
			<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>ci</groupId><artifactId>ci</artifactId><version>1</version>
			<dependencies><dependency><groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>2.6.1</version></dependency></dependencies></project>
		POM
		(cd "$cache/dynamodb-local" && mvn -q dependency:copy-dependencies -DoutputDirectory=lib.new && mv lib.new lib) || return 1
	fi
	port ddb
	serve java -Djava.library.path="$cache/dynamodb-local/lib" -cp "$cache/dynamodb-local/lib/*" \
		com.amazonaws.services.dynamodbv2.local.main.ServerRunner -inMemory -sharedDb -disableTelemetry -port "$ddb" >"$work/ddb" 2>&1
	wait_for "http://127.0.0.1:$ddb" && CUTLINE_DYNAMODB_URL=http://127.0.0.1:$ddb go test -count=1 ./internal/store ./internal/local &&
		CUTLINE_DYNAMODB_URL=http://127.0.0.1:$ddb go test -count=1 -v -run UnitsOfAPicture ./internal/check &&
		CUTLINE_DYNAMODB_URL=http://127.0.0.1:$ddb go test -count=1 -v -timeout 30m -run TestFirstPageIsCheap ./internal/desk &&
		CUTLINE_DYNAMODB_URL=http://127.0.0.1:$ddb CUTLINE_SCHEDULES=300 go test -count=1 -v -run Schedules ./internal/faults
}
