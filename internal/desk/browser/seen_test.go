package browser_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/local"
)

// A picture that came before is shown beside the earlier one, with what
// differs in the captions marked in each.
func TestSeenBefore(t *testing.T) {
	s := startDemo(t)
	p := open(t, s.url+"/reports/photos/demo/train-again-no-source.jpg")
	p.click(`a[href="#h-seen"]`)
	p.wait("[...document.querySelectorAll('.seen img')].filter(i => i.complete && i.naturalWidth > 0).length == 2")
	if widths := eval[[]int](p, "[...document.querySelectorAll('.seen img')].map(i => i.naturalWidth)"); widths[0] <= widths[1] {
		t.Errorf("the pictures are %v pixels wide, the earlier one first", widths)
	}
	// The same height, side by side.
	if !eval[bool](p, "(([a, b]) => a.top == b.top && a.height == b.height && a.right <= b.left)([...document.querySelectorAll('.seen img')].map(i => i.getBoundingClientRect()))") {
		t.Error("the pictures do not stand side by side")
	}
	then, now := p.text(".seen .caption.then del"), p.text(".seen .caption.now")
	if !strings.Contains(then, "March 2, 2026") || now != "A green train is seen at a railway station in Beijing on March 9, 2026." {
		t.Errorf("then %q, now %q", then, now)
	}
	if same := eval[string](p, "[...document.querySelector('.seen .caption.then').childNodes].filter(n => n.nodeType == 3).map(n => n.textContent).join('')"); !strings.Contains(same, "train ") {
		t.Errorf("both say %q", same)
	}
	facts := p.text(".seen table")
	for _, want := range []string{"pass", "fail differs", "2026-03-02", "2026-03-09 differs", "Korean Central News Agency", "none named differs"} {
		if !strings.Contains(facts, want) {
			t.Errorf("%q is not said: %s", want, facts)
		}
	}

	// What became of the earlier one since shows, too.
	other := open(t, s.url+"/reports/photos/demo/kcna-train-complete.jpg")
	other.keys("h")
	other.wait("document.querySelector('.stands .decided.hold')")
	if _, err := s.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String("demo/kcna-train-complete.jpg")}); err != nil {
		t.Fatal(err)
	}
	for range 400 {
		p.visit(s.url + "/reports/photos/demo/train-again-no-source.jpg")
		if eval[bool](p, "document.querySelector('.seen .nothumb')?.innerText == 'The picture was deleted.'") {
			break
		}
	}
	if facts := p.text(".seen table"); !strings.Contains(facts, "held by") {
		t.Errorf("the decision is not said: %s", facts)
	}
	if !eval[bool](p, "!!document.querySelector('.seen .nothumb')") {
		t.Error("the deleted picture is not said to be deleted")
	}
}
