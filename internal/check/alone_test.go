package check_test

import (
	"bytes"
	"os"
	"testing"

	"cutline/internal/check"
	"cutline/internal/likeness/likenesstest"
	"cutline/internal/report"
	"cutline/internal/rules"
)

// counting notes how far a picture is read.
type counting struct {
	*bytes.Reader
	read int
}

func (c *counting) ReadAt(b []byte, at int64) (int, error) {
	n, err := c.Reader.ReadAt(b, at)
	c.read += n
	return n, err
}

// TestAlone: with no earlier pictures at hand, a picture is read whole only for
// what the file itself says of it.
func TestAlone(t *testing.T) {
	house, err := rules.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := os.ReadFile("../../cmd/cutline/testdata/signed/changed.jpg")
	if err != nil {
		t.Fatal(err)
	}
	main := likenesstest.Scene(3, 1200, 800)
	bare := likenesstest.JPEG(t, main, 95)
	small := func(scene uint64) []byte { return likenesstest.JPEG(t, likenesstest.Scene(scene, 160, 107), 75) }
	for name, c := range map[string]struct {
		picture []byte
		whole   bool
		finds   string
	}{
		"nothing to compare with":           {bare, false, ""},
		"its own thumbnail":                 {withThumbnail(bare, likenesstest.JPEG(t, likenesstest.Scaled(main, 160./1200), 75)), true, ""},
		"another thumbnail":                 {withThumbnail(bare, small(4)), true, "thumbnail.differs"},
		"another thumbnail, cut short":      {withThumbnail(bare, small(4))[:len(bare)/2], true, ""},
		"a hash that binds the credentials": {signed, true, "c2pa.invalid"},
	} {
		r := &counting{Reader: bytes.NewReader(c.picture)}
		rep, err := (&check.Checker{Rules: house, Alone: true}).Picture(r, r.Size(), "p.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if rep.Pending() || rep.Provenance != nil && rep.Provenance.Likeness != nil {
			t.Errorf("%s: %+v", name, rep.Provenance)
		}
		if whole := r.read >= len(c.picture); whole != c.whole {
			t.Errorf("%s: %d of %d bytes were read", name, r.read, len(c.picture))
		}
		if c.finds != "" && finding(rep, c.finds) == nil {
			t.Errorf("%s: %+v", name, rep.Findings)
		}
		// What is left out is what the picture is recognized by, and no finding.
		with, err := (&check.Checker{Rules: house}).Picture(bytes.NewReader(c.picture), r.Size(), "p.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if with.Verdict != rep.Verdict || !sameCodes(with, rep) {
			t.Errorf("%s: %s %+v, beside others %s %+v", name, rep.Verdict, rep.Findings, with.Verdict, with.Findings)
		}
	}
}

func sameCodes(a, b report.Report) bool {
	if len(a.Findings) != len(b.Findings) {
		return false
	}
	for i, f := range a.Findings {
		if f.Code != b.Findings[i].Code {
			return false
		}
	}
	return true
}
