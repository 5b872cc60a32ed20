package main

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cutline/internal/demo"
	"cutline/internal/local"
	"cutline/internal/store"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
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
// they have "demo DIR", which puts the demo pictures there, "dynamodb", which
// starts one with the table, and "field", which takes a part of a file, and "signed DIR", which
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
			"dynamodb": func(ts *testscript.TestScript, _ bool, _ []string) {
				database, err := local.OpenDatabase(ts.MkAbs("reports.journal"))
				ts.Check(err)
				db := httptest.NewServer(database)
				ts.Defer(func() {
					db.Close()
					ts.Check(database.Close())
				})
				reports := store.New(store.NewClient(aws.Config{
					Region: local.Region, BaseEndpoint: &db.URL, Credentials: credentials.NewStaticCredentialsProvider(local.AccessKey, local.SecretKey, ""),
				}), local.Table)
				ts.Check(reports.CreateTable(context.Background()))
				for name, value := range map[string]string{
					"AWS_ENDPOINT_URL_DYNAMODB": db.URL, "AWS_REGION": local.Region, "AWS_ACCESS_KEY_ID": local.AccessKey, "AWS_SECRET_ACCESS_KEY": local.SecretKey,
				} {
					ts.Setenv(name, value)
				}
			},
			"field": func(ts *testscript.TestScript, _ bool, args []string) { // VARIABLE FILE SEPARATOR N
				n, err := strconv.Atoi(args[3])
				ts.Check(err)
				ts.Setenv(args[0], strings.Split(ts.ReadFile(args[1]), args[2])[n])
			},
			"signed": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(signed)))
			},
		},
	})
}
