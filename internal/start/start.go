// Package start gives a program room while it starts, and is imported for that
// alone. What packages set up before main is a few megabytes that stay.
// Collecting garbage from 4 MB on, as is usual, begins in the midst of that,
// and takes longer than anything else in a short program.
//
// Packages are set up in the order of their paths, where they do not import
// each other, so this one comes before those of other modules. A program that
// goes on for long calls Over. GOMEMLIMIT bounds memory as ever.
//
// Imports: nothing.
package start

import (
	"os"
	"runtime/debug"
)

// room and usual are what a heap grows by before garbage is collected, in per
// cent.
const (
	room  = 400
	usual = 100
)

func init() { collectAt(room) }

// Over says that the program runs on.
func Over() { collectAt(usual) }

func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
