package browser_test

import (
	"bytes"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"cutline/internal/local"
)

// tag is what the object's tag says.
func (s *stack) tag(t *testing.T, key string) string {
	t.Helper()
	got, err := s.s3.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: aws.String(local.Bucket), Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range got.TagSet {
		if aws.ToString(tag.Key) == "cutline-verdict" {
			return aws.ToString(tag.Value)
		}
	}
	return ""
}

// set types a text into a field, as far as the page can tell.
func (p *page) set(selector, text string) {
	p.t.Helper()
	eval[bool](p, "(() => { const e = document.querySelector("+quote(selector)+"); e.value = "+quote(text)+"; e.dispatchEvent(new Event('input', {bubbles: true})); return true })()")
}

func (p *page) click(selector string) {
	p.t.Helper()
	eval[bool](p, "(document.querySelector("+quote(selector)+").click(), true)")
}

// The suggestion is changed, checked while it is typed, and written into the
// picture, where ExifTool reads it in all three places. The version before
// stays, and so do the pixels.
func TestSuggestionAndWriteBack(t *testing.T) {
	s := start(t)
	picture := demoPictures(t)["kcna-factory-no-disclaimer.jpg"]
	before := s.upload(t, "a b+김.jpg", picture)
	p := open(t, s.url+"/reports/photos/"+escapePath("a b+김.jpg"))
	p.wait("document.querySelector('#checked .verdict.pass')")
	p.wait("document.querySelector('#checked ins').textContent.includes('cannot be independently verified')")

	suggestion := eval[string](p, "document.getElementById('draft').value")
	p.set("#draft", strings.Replace(suggestion, "cannot be independently verified", "was handed out", 1))
	p.wait("document.querySelector('#checked .verdict.fail')")
	caption := strings.Replace(suggestion, "workers tour", "workers – 노동자 – tour", 1)
	p.set("#draft", caption)
	p.wait("document.querySelector('#checked .verdict.pass')")
	p.wait("document.querySelector('#checked ins').textContent.includes('노동자')")
	p.click("[formaction]")
	p.wait("location.pathname.endsWith('.jpg') && document.querySelector('.top .verdict.pass')")
	p.wait("document.querySelector('article .caption')?.innerText == " + quote(caption))
	p.wait("document.querySelector('.history')?.textContent.includes('Wrote a corrected caption into the picture.')")

	out, err := s.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String("a b+김.jpg")})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	if aws.ToString(out.VersionId) == before {
		t.Fatal("there is no new version")
	}
	if _, err := s.s3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String(local.Bucket), Key: aws.String("a b+김.jpg"), VersionId: &before}); err != nil {
		t.Errorf("the version before: %v", err)
	}
	exiftool, err := exec.LookPath("exiftool")
	if err != nil {
		t.Skip("there is no exiftool to read the picture with")
	}
	cmd := exec.Command(exiftool, "-charset", "utf8", "-s3", "-IPTC:Caption-Abstract", "-XMP-dc:Description", "-IFD0:ImageDescription", "-")
	cmd.Stdin = out.Body
	read, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat(caption+"\n", 3); string(read) != want {
		t.Errorf("exiftool reads\n%swant\n%s", read, want)
	}
}

// A signed picture stays as it is: the caption goes into a sidecar, which is
// read with it from then on, and which ExifTool reads.
func TestSidecar(t *testing.T) {
	s := start(t)
	picture := signed(t, "resigned")
	s.upload(t, "signed.jpg", picture)
	p := open(t, s.url+"/reports/photos/signed.jpg")
	if got := p.text("[formaction]"); got != "Write into a sidecar w" {
		t.Errorf("the button says %q", got)
	}
	const caption = "Workers repair a bridge in Oban, Scotland. REUTERS/Joan Baird"
	const written, conflict = "document.body.innerText.includes('written into a sidecar beside the picture')", "document.body.innerText.includes('look at it again')"
	for range 10 { // an event may come twice, and the picture is then checked again
		p.set("#draft", caption)
		p.wait("document.querySelector('#checked .verdict.pass')")
		p.click("[formaction]")
		p.wait(written + " || " + conflict)
		if eval[bool](p, written) {
			break
		}
		p.visit(s.url + "/reports/photos/signed.jpg")
	}
	p.wait(written)
	read := func(key string) []byte {
		out, err := s.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(local.Bucket), Key: &key})
		if err != nil {
			t.Fatal(err)
		}
		defer out.Body.Close()
		data, err := io.ReadAll(out.Body)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(read("signed.jpg"), picture) {
		t.Error("the signed picture was changed")
	}
	sidecar := read("signed.jpg.xmp")
	for range 400 { // until the picture is checked again, with its sidecar
		if got, _ := s.report(t, "signed.jpg")["caption"].(map[string]any); got["text"] == caption {
			break
		}
		p.visit(s.url + "/reports/photos/signed.jpg")
	}
	p.visit(s.url + "/reports/photos/signed.jpg")
	if got := p.text("article .caption"); got != caption {
		t.Errorf("the caption is %q", got)
	}
	p.wait("document.querySelector('.credentials .tag').innerText == 'Valid'")
	exiftool, err := exec.LookPath("exiftool")
	if err != nil {
		t.Skip("there is no exiftool to read the sidecar with")
	}
	cmd := exec.Command(exiftool, "-charset", "utf8", "-s3", "-XMP-dc:Description", "-")
	cmd.Stdin = bytes.NewReader(sidecar)
	if said, err := cmd.Output(); err != nil || string(said) != caption+"\n" {
		t.Errorf("exiftool reads %q, %v", said, err)
	}
}

// Two editors look at one picture. The second to decide is told what the
// first did, and nothing of theirs is recorded; nor is a caption written over
// a version that the editor has not seen.
func TestTwoEditors(t *testing.T) {
	s := start(t)
	pictures := demoPictures(t)
	s.upload(t, "a.jpg", pictures["kcna-factory-no-disclaimer.jpg"])
	address := s.url + "/reports/photos/a.jpg"
	first, second := open(t, address), open(t, address)
	first.keys("h")
	first.wait("document.querySelector('.stands .decided.hold')")
	if got := s.tag(t, "a.jpg"); got != "held" {
		t.Errorf("the tag says %q", got)
	}
	second.keys("a")
	second.wait("document.querySelector('#reason[open]')")
	second.keys("it is fine")
	second.click("#reason .main")
	second.wait("document.getElementById('said').textContent.includes('held it at')")
	if decision := s.report(t, "a.jpg")["decision"].(map[string]any); decision["action"] != "hold" {
		t.Errorf("the decision is %v", decision)
	}
	second.visit(address)
	second.keys("a")
	second.wait("document.querySelector('#reason[open]')")
	second.keys("it is fine")
	second.click("#reason .main")
	second.wait("document.querySelector('.stands .decided.approve')")
	if got := s.tag(t, "a.jpg"); got != "approved" {
		t.Errorf("the tag says %q", got)
	}

	// The page of the first editor is older than the decision.
	first.click("[formaction]")
	first.wait("document.body.innerText.includes('approved it at')")

	// A later upload begins anew, and shows what was decided before.
	s.upload(t, "a.jpg", pictures["market-wrong-weekday.jpg"])
	second.visit(address)
	second.wait("document.querySelector('.top .verdict.review') && document.querySelector('.stands .decided.approve')")
	if got := second.text(".stands"); !strings.Contains(got, "An earlier version was") {
		t.Errorf("the page says %q", got)
	}
	if got := s.tag(t, "a.jpg"); got != "review" {
		t.Errorf("the tag says %q", got)
	}
}

// Pictures of a list follow each other on a key.
func TestNeighbours(t *testing.T) {
	s := start(t)
	pictures := demoPictures(t)
	for _, key := range []string{"a.jpg", "b.jpg", "c.jpg"} {
		s.upload(t, key, pictures["harbour-own.jpg"])
	}
	p := open(t, s.url)
	p.wait(shown + ".length == 3")
	p.keys("jo")
	p.wait("location.pathname.endsWith('/c.jpg')")
	p.keys("j")
	p.wait("location.pathname.endsWith('/b.jpg')")
	p.keys("a")
	p.wait("document.querySelector('.stands .decided.approve')")
	p.keys("j")
	p.wait("location.pathname.endsWith('/a.jpg')")
	p.keys("k")
	p.wait("location.pathname.endsWith('/b.jpg')")
}
