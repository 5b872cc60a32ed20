package browser_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// Several files go to the bucket from the page, each ends with its verdict,
// and the overview counts them.
func TestUploadPage(t *testing.T) {
	s := start(t)
	pictures := demoPictures(t)
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"harbour-own.jpg", "kcna-factory-no-disclaimer.jpg", "market-wrong-weekday.jpg", "port-satellite.jpg"} {
		path := filepath.Join(dir, "a +김 "+name)
		if err := os.WriteFile(path, pictures[name], 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	p := open(t, s.url+"/upload")
	p.do(chromedp.SetUploadFiles("#files", paths))
	p.wait("document.querySelectorAll('#uploads .verdict').length == 4")
	for _, want := range []string{"fail", "review", "pass"} {
		p.wait("document.querySelector('#uploads .verdict." + want + "')")
	}
	p.inspect("uploaded", 1440, 390)
	p.visit(s.url + "/overview")
	p.wait("document.body.innerText.includes('4 pictures, 0 decided.')")
	p.wait("[...document.querySelectorAll('tr')].some(r => r.innerText.includes('Korean Central News Agency') && r.innerText.includes('no disclaimer'))")
}

// A caption without a picture is checked while it is typed, and without
// JavaScript by the button.
func TestCheckPage(t *testing.T) {
	s := start(t)
	p := open(t, s.url+"/check")
	p.set("#draft", "In this photo provided by the North Korean government, a train stands in Wonsan. (KCNA via AP)")
	p.wait("document.querySelector('#checked .verdict.fail')")
	p.click("#editor .main")
	p.wait("document.querySelector('.finding.fail') && document.querySelector('.changes ins')")
	p.inspect("checked", 1440, 390)
}
