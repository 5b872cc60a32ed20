package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cutline/internal/demo"
	"cutline/internal/local"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
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
// they have "demo DIR", which puts the demo pictures there, "stack", which
// lets the session use S3 and DynamoDB, "upload FILE KEY", which puts a file
// into the bucket there, "field", which takes a part of a file, and "signed
// DIR", which puts a picture there that c2pa-python signed with a time stamp,
// the same with its caption changed, and the certificate that vouches for the
// signer.
func TestScripts(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	stack := newSession(t)
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"demo": func(ts *testscript.TestScript, _ bool, args []string) {
				pictures, err := demo.Pictures()
				ts.Check(err)
				for _, p := range pictures {
					ts.Check(os.MkdirAll(ts.MkAbs(args[0]), 0o755))
					ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), p.Name), p.JPEG, 0o644))
				}
			},
			"stack": func(ts *testscript.TestScript, _ bool, _ []string) {
				for name, value := range stack.variables() {
					ts.Setenv(name, value)
				}
			},
			"upload": func(ts *testscript.TestScript, _ bool, args []string) {
				_, err := stack.S3.PutObject(context.Background(), &s3.PutObjectInput{
					Bucket: aws.String(local.Bucket), Key: &args[1], Body: strings.NewReader(ts.ReadFile(args[0])),
				})
				ts.Check(err)
			},
			"field": func(ts *testscript.TestScript, _ bool, args []string) { // VARIABLE FILE SEPARATOR N
				n, err := strconv.Atoi(args[3])
				ts.Check(err)
				ts.Setenv(args[0], strings.Split(ts.ReadFile(args[1]), args[2])[n])
			},
			"signed": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(filepath.Join(dir, "signed"))))
			},
		},
	})
}
