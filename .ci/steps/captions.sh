# The rules' own examples hold, and every labelled caption is judged rightly.
captions_judged() {
	go build -o "$work/cutline" ./cmd/cutline || return 1
	"$work/cutline" rules test || return 1
	local corpora=(internal/rules/testdata/corpus/*.jsonl) one
	for one in ../shared/corpus/captions.jsonl ../shared/corpus/seed.json; do [ -f "$one" ] && corpora+=("$one"); done
	"$work/cutline" rules eval "${corpora[@]}"
}
