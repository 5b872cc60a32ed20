package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"cutline/internal/demo"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"cutline": func() {
			os.Exit(run(context.Background(), os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
		},
	})
}

// TestScripts runs the sessions in testdata. Beside testscript's own commands
// they have "demo DIR", which puts the demo pictures there.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"demo": func(ts *testscript.TestScript, _ bool, args []string) {
				pictures, err := demo.Pictures()
				ts.Check(err)
				for _, p := range pictures {
					ts.Check(os.MkdirAll(ts.MkAbs(args[0]), 0o755))
					ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), p.Name), p.JPEG, 0o644))
				}
			},
		},
	})
}
