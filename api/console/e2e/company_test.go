package e2e

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// toCompany is the address behind the button of the company's sign-in.
const toCompany = `document.querySelector("a.door-oidc").getAttribute("href")`

func TestTheCompanysSignInSaysWhyItFailedAndComesBackToThePage(t *testing.T) {
	s := serve(t, "WHETSTONE_OIDC_ISSUER=http://127.0.0.1:1", "WHETSTONE_OIDC_CLIENT=desk")
	b := open(t, s)
	b.do(chromedp.Navigate(s.url + "/#/gaps/01J?status=open"))
	b.until(toCompany)
	if got, want := eval[string](b, toCompany), "/auth/oidc?to="+url.QueryEscape("#/gaps/01J?status=open"); got != want {
		t.Errorf("the button leads to %s, want %s", got, want)
	}
	// The provider is away: so it says, and the password is still there.
	b.do(chromedp.Click("a.door-oidc"))
	b.until(`location.hash === "#/sign-in?problem=away" && document.querySelector("input[type=password]")`)
	for lang, said := range map[string]map[string]string{
		"en": {"away": "does not answer", "forbidden": "may not sign in here", "unproven": "does not confirm your e-mail", "stale": "took too long", "declined": "cancelled", "failed": "did not work", "other": "did not work"},
		"ru": {"away": "не отвечает", "forbidden": "сюда не войти", "unproven": "не подтверждён адрес", "stale": "слишком много времени", "declined": "вход отменён", "failed": "не получилось", "other": "не получилось"},
	} {
		b.wear(look{lang, "light", 390})
		for problem, words := range said {
			b.do(chromedp.Evaluate(`location.hash = "#/sign-in?problem=`+problem+`"`, nil))
			b.until(`document.documentElement.lang === "` + lang + `" && document.querySelector(".notice.bad")?.textContent.includes("` + words + `")`)
			// Whoever may not come is not sent again without a question.
			asks := problem == "forbidden" || problem == "unproven"
			if got := eval[string](b, toCompany); strings.Contains(got, "prompt=login") != asks {
				t.Errorf("%s: the button leads to %s", problem, got)
			}
		}
		b.sound("sign-in by the company, in " + lang)
	}
}

func TestWhoHasSignedOutIsAskedWhoTheyAre(t *testing.T) {
	s := serve(t, "WHETSTONE_OIDC_ISSUER=http://127.0.0.1:1", "WHETSTONE_OIDC_CLIENT=desk")
	b := open(t, s)
	b.signIn()
	b.do(chromedp.Evaluate(`document.querySelector(".person-name").closest("button").click()`, nil))
	b.until(`document.querySelector("[role=menuitem]")`)
	b.do(chromedp.Evaluate(`[...document.querySelectorAll("[role=menuitem]")].find((x) => x.textContent.includes("Sign out")).click()`, nil))
	b.until(toCompany + `.includes("prompt=login")`)
}
