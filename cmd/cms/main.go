// Command cms is an example of a program that works with Cutline's desk: it
// has a caption checked, and takes the desk's notices.
//
//	cms check 'A train in Wonsan. (KCNA via AP)'
//	cms listen 127.0.0.1:9000
//
// CUTLINE_DESK is the desk's address, CUTLINE_TOKEN a token where the desk
// asks for one, and CUTLINE_WEBHOOK_SECRET what notices are signed with.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cms:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "check":
		return check(cmp.Or(os.Getenv("CUTLINE_DESK"), "http://127.0.0.1:8300"), os.Getenv("CUTLINE_TOKEN"), args[1])
	case len(args) == 2 && args[0] == "listen":
		return listen(args[1], os.Getenv("CUTLINE_WEBHOOK_SECRET"))
	}
	return fmt.Errorf("usage: cms check CAPTION | cms listen ADDRESS")
}

// check asks the desk what it finds in a caption.
func check(desk, token, caption string) error {
	body, err := json.Marshal(map[string]string{"caption": caption})
	if err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodPost, desk+"/api/check", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	client := &http.Client{Timeout: 10 * time.Second}
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Detail     string // of a problem
		Verdict    string
		Findings   []struct{ Severity, Message string }
		Suggestion string
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the desk answers %s: %s", resp.Status, answer.Detail)
	}
	fmt.Println(answer.Verdict)
	for _, f := range answer.Findings {
		fmt.Printf("  %s: %s\n", f.Severity, f.Message)
	}
	if answer.Suggestion != "" {
		fmt.Printf("better: %s\n", answer.Suggestion)
	}
	return nil
}

// listen takes notices, and believes only those that the secret signed within
// the last five minutes. One that comes again is told by its id.
func listen(address, secret string) error {
	verify, err := webhooks.NewWebhook(secret)
	if err != nil || secret == "" {
		return fmt.Errorf("CUTLINE_WEBHOOK_SECRET is not set, or is not base64")
	}
	seen := map[string]bool{}
	notices := make(chan []byte)
	go func() {
		for body := range notices {
			var n struct {
				ID, Type string
				Data     struct {
					Bucket, Key, Verdict string
					Decision             *struct{ Action, By string }
				}
			}
			if err := json.Unmarshal(body, &n); err != nil || seen[n.ID] {
				continue
			}
			seen[n.ID] = true
			fmt.Printf("%s s3://%s/%s", n.Type, n.Data.Bucket, n.Data.Key)
			if d := n.Data.Decision; d != nil {
				fmt.Printf(": %s by %s", d.Action, d.By)
			}
			fmt.Println()
		}
	}()
	server := &http.Server{Addr: address, ReadTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || verify.Verify(body, r.Header) != nil {
			http.Error(w, "not signed by the desk", http.StatusForbidden)
			return
		}
		notices <- body
	})}
	return server.ListenAndServe()
}
