//go:build ignore

// Generate compiles the built-in packs: go generate ./internal/rules.
package main

import (
	"log"
	"os"

	"cutline/internal/rules"
)

func main() {
	log.SetFlags(0)
	files, err := rules.Folder(os.DirFS("packs"), "packs")
	if err != nil {
		log.Fatal(err)
	}
	compiled, err := rules.Compile(files)
	if err != nil {
		log.Fatal(err)
	}
	for name, raw := range compiled {
		if err := os.WriteFile("builtin/"+name, raw, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
