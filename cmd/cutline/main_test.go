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
// they have "demo DIR", which puts the demo pictures there, and "signed DIR", which
// puts a picture there that c2pa-python signed with a time stamp, the same with
// its caption changed, and the certificate that vouches for the signer.
func TestScripts(t *testing.T) {
	signed, err := filepath.Abs("testdata/signed")
	if err != nil {
		t.Fatal(err)
	}
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
			"signed": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(signed)))
			},
		},
	})
}
