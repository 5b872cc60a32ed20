# What the steps share: packages, ports and servers.

wait_for() { # URL
	for _ in $(seq 300); do curl -s -o /dev/null "$1" && return 0; sleep 0.1; done
	echo "nothing answers at $1"
	return 1
}

# port NAME: a port that nothing listens on yet, in the variable NAME; something
# of an earlier run may still hold the first ones.
next_port=8400
port() {
	while (exec 3<>"/dev/tcp/127.0.0.1/$next_port") 2>/dev/null; do next_port=$((next_port + 1)); done
	printf -v "$1" %s "$next_port"
	next_port=$((next_port + 1))
}

# serve COMMAND...: runs it in the background, with all that it starts, until
# the end.
serve() {
	setsid "$@" &
	started+=($!)
}

install_packages() { # those of the list that are missing
	local missing=() p
	for p in "$@"; do dpkg -s "$p" >/dev/null 2>&1 || missing+=("$p"); done
	[ ${#missing[@]} -eq 0 ] && return 0
	export DEBIAN_FRONTEND=noninteractive
	for _ in 1 2 3; do # another apt may hold its lock, a mirror may be busy
		apt-get -o DPkg::Lock::Timeout=300 update -qq &&
			apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}" && return 0
		sleep 5
	done
	return 1
}

# venv NAME PACKAGE...: programs from PyPI in $cache/NAME/bin.
venv() {
	local name=$1
	shift
	[ -e "$cache/$name/.installed" ] && return 0
	install_packages python3-venv || return 1
	rm -rf "${cache:?}/$name"
	python3 -m venv "$cache/$name" && "$cache/$name/bin/pip" install -q "$@" && touch "$cache/$name/.installed"
}
