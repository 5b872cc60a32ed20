package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"cutline/internal/signin"
	"cutline/internal/signin/providertest"
)

// People sign in at a real OpenID provider, see what their role lets them do,
// and sign out.
func TestSignIn(t *testing.T) {
	var people []providertest.Person
	for _, role := range signin.Roles {
		people = append(people, providertest.Person{Sub: string(role), Name: "The " + string(role), Claims: map[string]any{"groups": []string{"photo-" + string(role)}}})
	}
	people = append(people, providertest.Person{Sub: "stranger", Name: "A stranger"})
	provider := providertest.Start(t, people...)
	for name, value := range map[string]string{
		signin.VarIssuer: provider.URL, signin.VarClientID: providertest.ClientID, signin.VarClientSecret: providertest.ClientSecret,
		signin.VarRoleClaim: "groups", signin.VarRoles: "photo-viewer=viewer, photo-editor=editor, photo-chief=chief",
	} {
		t.Setenv(name, value)
	}
	s := start(t, "--demo")
	provider.Register(s.url)
	const report = "/reports/photos/demo/kcna-factory-no-disclaimer.jpg"
	p := tab(t)
	p.look("light", 1440, 900)

	p.visit(s.url + report)
	p.wait(`document.title == "Provider"`)
	p.do(chromedp.Click(`button[value="stranger"]`))
	p.wait(`document.body.innerText.includes("you have no role at this desk")`)
	p.inspect("signin-no-role", 390)

	buttons := map[string]string{"viewer": "", "editor": "approve hold note", "chief": "approve hold kill note"}
	for _, role := range []string{"viewer", "editor", "chief"} {
		p.visit(s.url + report)
		p.wait(`document.title == "Provider"`)
		p.do(chromedp.Click(`button[value="` + role + `"]`))
		p.wait("location.pathname == " + quote(report))
		for range 200 { // the demo pictures may still be on their way
			if eval[bool](p, `!!document.querySelector(".caption")`) {
				break
			}
			p.visit(s.url + report)
		}
		got := eval[string](p, `[...document.querySelectorAll("form.decide button[name=action]")].map(b => b.value).sort().join(" ")`)
		if got != buttons[role] {
			t.Errorf("a %s may %q, want %q", role, got, buttons[role])
		}
		// The editor holds a picture, and the chief decides otherwise, who has
		// to say why.
		const other = "/reports/photos/demo/harbour-own.jpg"
		if role == "editor" {
			p.visit(s.url + other)
			p.keys("h")
			p.wait(`document.querySelector(".stands .decided.hold")`)
		}
		if role == "chief" {
			p.visit(s.url + other)
			if got := p.text("#decide label"); !strings.Contains(got, "needed to change the decision") {
				t.Errorf("the reason is asked for as %q", got)
			}
			p.keys("a")
			p.wait(`document.querySelector("#reason[open]")?.innerText.includes("Another editor decided otherwise")`)
			p.keys("the agency confirmed it\t\r")
			p.wait(`document.querySelector(".stands .decided.approve")`)
			tokens(t, p, s)
			p.visit(s.url + "/")
		}
		p.do(chromedp.Click(`form[action="/sign-out"] button`))
		p.wait(`document.body.innerText.includes("You have signed out here.")`)
		p.inspect("signin-out", 390)
	}
	p.visit(s.url + "/")
	p.wait(`document.title == "Provider"`)
}

// tokens makes a token in the page, and looks at the page.
func tokens(t *testing.T, p *page, s *stack) {
	t.Helper()
	p.visit(s.url + "/tokens")
	p.do(chromedp.SendKeys(`input[name="name"]`, "Our CMS"), chromedp.Click(`input[value="read"]`), chromedp.Click(`input[value="check"]`), chromedp.Click(`form[action="/tokens"] button`))
	p.wait(`/^cutline_[a-z2-7]{12}_[A-Z2-7]{26}$/.test(document.getElementById("token")?.innerText)`)
	p.inspect("tokens-made", 1440, 390)
}
